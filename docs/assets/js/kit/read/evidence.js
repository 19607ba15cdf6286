// @ts-check
// What the readers of a project share: facts with their origin, and how they look for them.

/** @typedef {import("./declared.js").Declared} Declared */
/** @typedef {import("./declared.js").Requirement} Requirement */
/**
 * An answer or a name. `at` is the part of the file that says it, such as "line 3".
 * @typedef {{ id: string, value: string | string[], file: string, at: string }} Fact
 */
/**
 * Something that a reader has to decide, or that no kit has.
 * @typedef {{ text: string, file: string, at: string, claims?: string[] }} Note
 */
/** @typedef {{ file: string, at: string }} Origin */
/** @typedef {Origin & { value: Requirement, isMain: boolean }} Package */
/**
 * What the readers below know about a project.
 * @typedef {{
 *   texts: Readonly<Record<string, string>>,
 *   paths: string[],
 *   root: string,
 *   folder: string,
 *   declared: (Declared & { file: string })[],
 *   packages: Package[],
 *   images: ReturnType<typeof import("./image.js").readImageFile>[],
 *   lines: import("./image.js").Line[],
 * }} Project
 */
/** @typedef {{ facts?: Fact[], notes?: Note[] }} Reading */

/**
 * Return the first package that matches, apart from those that only development needs.
 * @param {Project} project
 * @param {RegExp} name
 */
export const packageNamed = ({ packages }, name) =>
  packages.find((each) => each.isMain && name.test(each.value.name));

/** @param {Project} project @param {RegExp} text */
export const startLine = ({ lines }, text) => lines.find((line) => text.test(line.text));

/** @param {string} id @param {string | string[]} value @param {Origin} origin @returns {Fact} */
export const fact = (id, value, { file, at }) => ({ id, value, file, at });

/** @param {string} text @param {Origin} origin @param {string[]} [claims] @returns {Note} */
export const note = (text, { file, at }, claims) => ({
  text,
  file,
  at,
  ...(claims ? { claims } : {}),
});

/** @type {Origin} */
export const NOWHERE = { file: "", at: "" };
