// @ts-check
// The answers and names of a kit as the hash of a URL. Addresses are bookmarked and shared, so an
// address of an earlier version of the guide has to say what has changed since.

/**
 * The guide's version, and what has changed in the files of kits since earlier versions.
 * @typedef {{ version: string, changes: { version: string, text: string }[] }} Release
 */

import { defaults, isValid, NAMES, normalise, normaliseNames, QUESTIONS } from "./answers.js";

const START = "#kit=";
const NEWER = "This address was written by a newer version of the guide.";

/**
 * Return the hash for answers and names, or "" while all of them are the defaults. Names that cannot
 * be used are left out, because a URL with a password is one of them.
 * @param {KitAnswers} answers
 * @param {KitNames} names
 * @param {Release} release
 */
export const toHash = (answers, names, { version }) => {
  const first = { ...defaults().answers, ...defaults().names };
  /** @type {string[]} */
  const wrong = NAMES.filter((name) => !isValid(name, names)).map(({ id }) => id);
  const chosen = Object.entries({ ...answers, ...names }).filter(
    ([id, value]) =>
      !wrong.includes(id) &&
      String(value) !== String(first[/** @type {keyof typeof first} */ (id)]),
  );
  if (chosen.length === 0) return "";
  const query = new URLSearchParams(chosen.map(([id, value]) => [id, String(value)]));
  return `${START}${version}&${query}`;
};

/**
 * Return the answers and names in a hash, and what has changed since the version that wrote it.
 * @param {string} hash
 * @param {Release} release
 * @returns {{ answers: KitAnswers, names: KitNames, changes: string[] }}
 */
export const fromHash = (hash, release) => {
  if (!hash.startsWith(START)) return { ...defaults(), changes: [] };
  const values = new URLSearchParams(hash.slice(1));
  const written = values.get("kit") ?? "";
  values.delete("kit");
  /** @type {Record<string, unknown>} */
  const names = {};
  for (const { id, default: first } of NAMES) {
    const text = values.get(id);
    if (text !== null) names[id] = Array.isArray(first) ? text.split(",") : text;
  }
  return {
    answers: normalise(Object.fromEntries(values)),
    names: normaliseNames(names),
    changes: [
      ...release.changes
        .filter(({ version }) => isNewer(version, written))
        .map(({ version, text }) => `Changed in version ${version}: ${text}`),
      ...(isNewer(written, release.version) ? [NEWER] : []),
      ...[...values].flatMap(difference),
    ],
  };
};

/**
 * Return whether a version is newer than another one. Parts that a version lacks are 0.
 * @param {string} one
 * @param {string} other
 */
const isNewer = (one, other) => {
  const [parts, others] = [one, other].map((version) => version.split(".").map(Number));
  const first = [0, 1, 2].find((part) => (parts[part] ?? 0) !== (others[part] ?? 0));
  return first !== undefined && (parts[first] ?? 0) > (others[first] ?? 0);
};

/** @param {[string, string]} entry */
const difference = ([id, value]) => {
  if (NAMES.some((name) => name.id === id)) return [];
  const question = QUESTIONS.find((each) => each.id === id);
  if (!question) return [`Kits no longer have the setting “${id}”.`];
  if (question.options.some((option) => option.id === value)) return [];
  return [
    `The answer “${value}” to “${question.title}” no longer exists. The kit has “${question.options[0].label}” instead.`,
  ];
};
