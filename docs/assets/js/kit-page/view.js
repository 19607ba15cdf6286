// @ts-check
// What the page shows for the answers, names and files of a reader. The element writes it as HTML.

import { nameProblems, namesFor, normalise, normaliseNames, QUESTIONS } from "../kit/answers.js";
import { kitOf } from "../kit/files.js";
import { lineChanges, newLines } from "../kit/line-changes.js";
import { patternOf } from "../kit/patterns.js";
import { refusals } from "../kit/refusals.js";

/** @typedef {import("../kit/merge.js").Merged} Merged */
/** @typedef {import("../kit/line-changes.js").SignedLine} SignedLine */
/**
 * A file of the kit. `kitText` is its text in the kit, and `text` that of the reader's own file with it.
 * `lines` are what the page shows: the file, or the changes to the reader's own.
 * `isNew` and `lit` compare with what was shown before.
 * @typedef {{
 *   path: string,
 *   text: string,
 *   kitText: string,
 *   note: string,
 *   kind: KitFile["kind"],
 *   isMerged: boolean,
 *   conflicts: string[],
 *   lines: SignedLine[],
 *   lit: Set<number>,
 *   isNew: boolean,
 * }} ShownFile
 */
/**
 * @typedef {{
 *   answers: KitAnswers,
 *   names: KitNames,
 *   used: Set<string>,
 *   problems: { name: string, reason: string }[],
 *   refused: KitRefusal[],
 *   pattern: "a" | "b" | "c",
 *   notices: KitNotice[],
 *   files: ShownFile[],
 * }} View
 */
/** The files that a reader gave, by their path in the project, the function that merges lines, and what a kit has to know about the project. */
/** @typedef {{ texts: Record<string, string>, merge?: (text: string, parts: KitPart[]) => Merged | undefined, project?: KitProject }} Own */

/**
 * @param {{ answers: Partial<KitAnswers>, names: Partial<KitNames> }} chosen
 * @param {Own} own
 * @param {KitSources} sources
 * @param {View} [before]
 * @returns {View}
 */
export const viewOf = (chosen, own, sources, before) => {
  const answers = normalise(chosen.answers);
  const names = normaliseNames(chosen.names);
  const refused = refusals(answers);
  const problems = nameProblems(answers, names);
  const isPossible = refused.length + problems.length === 0;
  const kit = isPossible ? kitOf(answers, names, sources, own.project) : undefined;
  const earlier = new Map((before?.files ?? []).map(({ path, text }) => [path, text]));
  return {
    answers,
    names,
    used: new Set(namesFor(answers).map(({ id }) => id)),
    problems,
    refused,
    pattern: patternOf(answers),
    notices: [...(kit?.move ? [kit.move] : []), ...(kit?.notices ?? [])],
    files: (kit?.files ?? []).map((file) => shownFile(file, own, earlier)),
  };
};

/** @param {KitFile} file @param {Own} own @param {Map<string, string>} earlier @returns {ShownFile} */
const shownFile = (file, { texts, merge }, earlier) => {
  const { path, note, parts } = file;
  const existing = file.kind === "merge" ? texts[path] : undefined;
  const merged = parts && existing !== undefined ? merge?.(existing, parts) : undefined;
  const text = merged?.text ?? file.text;
  const old = earlier.get(path);
  return {
    path,
    text: withLineEnds(text, existing),
    kitText: file.text,
    note,
    kind: file.kind,
    isMerged: merged !== undefined,
    conflicts: merged?.conflicts ?? [],
    lines:
      merged && existing !== undefined
        ? lineChanges(existing.replaceAll("\r\n", "\n"), text)
        : lineChanges(text, text),
    lit: old === undefined || merged ? new Set() : newLines(old, text),
    isNew: earlier.size > 0 && old === undefined,
  };
};

/** Return a text with Windows line ends if another text has them. @param {string} text @param {string} [other] */
const withLineEnds = (text, other = "") =>
  other.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;

/** @type {Record<View["pattern"], string>} */
const TITLES = {
  a: "Pattern A: single-stage Dockerfile",
  b: "Pattern B: multi-stage on Ubuntu",
  c: "Pattern C: cache mounts",
};

/** @param {View} view */
export const patternTitle = ({ pattern }) => TITLES[pattern];

/** Return what a screen reader hears after a change. @param {View} view */
export const summary = ({ files, problems, refused }) => {
  if (refused.length > 0) return "There are no files for these answers.";
  if (problems.length > 0) return "Correct the marked names to see the files.";
  const changed = files.filter(({ lit, isNew }) => isNew || lit.size > 0);
  const names = changed.map(({ path }) => path);
  const some = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return some.length > 0
    ? `${files.length} files. Changed: ${some.join(", ")}.`
    : `${files.length} files.`;
};

/**
 * Return the single answers with which there is a kit, of the questions that a refusal names.
 * @param {View} view
 * @param {KitRefusal} refusal
 */
export const waysOut = ({ answers }, { questions }) =>
  QUESTIONS.filter(({ id }) => questions.includes(id)).flatMap(({ id, title, options }) =>
    options
      .filter((option) => option.id !== answers[id])
      .filter((option) => refusals(normalise({ ...answers, [id]: option.id })).length === 0)
      .map((option) => ({ id, value: option.id, title, label: option.label })),
  );
