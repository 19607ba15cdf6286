// @ts-check
// Apply the fixes of findings.

import { check } from "./findings.js";
import { IGNORE_FILE } from "./line-edits.js";

// A fix can make another one of its rule possible, such as one on the same line.
const MAX_ROUNDS = 5;

/**
 * Return the new texts of the files that fixes change, by their path from the build context. The
 * Dockerfile has the path "".
 * @param {CheckInput} input
 * @returns {Record<string, string>}
 */
export const fixAll = (input) => changedTexts(input, withFixes(input));

/**
 * Return the files of a project after all fixes.
 * @param {CheckInput} input
 */
export const withFixes = (input) => {
  /** @type {Map<string, number>} How often the fixes of a rule have been applied. */
  const rounds = new Map();
  let current = input;
  for (;;) {
    const edits = nextEdits(check(current).findings, rounds);
    if (edits.length === 0) return current;
    current = withEdits(current, edits);
  }
};

/**
 * Return the texts of the files that differ, by their path from the build context. The Dockerfile
 * has the path "".
 * @param {CheckInput} before
 * @param {CheckInput} after
 * @returns {Record<string, string>}
 */
export const changedTexts = (before, after) =>
  Object.fromEntries(
    ["", IGNORE_FILE, ...Object.keys(after.texts ?? {})]
      .filter((file) => textOf(before, file) !== textOf(after, file))
      .map((file) => [file, textOf(after, file)]),
  );

/**
 * Return the files of a project after edits, which must not overlap.
 * @param {CheckInput} input
 * @param {LineEdit[]} edits
 * @returns {CheckInput}
 */
export const withEdits = (input, edits) => {
  /** @type {Record<string, string>} */
  const changed = {};
  for (const file of new Set(edits.map((edit) => edit.file ?? ""))) {
    const own = edits.filter((edit) => (edit.file ?? "") === file);
    changed[file] = applyEdits(textOf(input, file), own);
  }
  const { "": dockerfile, [IGNORE_FILE]: dockerignore, ...texts } = changed;
  return {
    ...input,
    dockerfile: dockerfile ?? input.dockerfile,
    dockerignore: dockerignore ?? input.dockerignore,
    texts: { ...input.texts, ...texts },
  };
};

/**
 * Return the edits of the fixes, worst finding first, without the fixes that change the same lines
 * as an earlier one.
 * @param {Finding[]} findings
 * @param {Map<string, number>} rounds
 */
const nextEdits = (findings, rounds) => {
  const possible = findings.filter(({ rule }) => (rounds.get(rule) ?? 0) < MAX_ROUNDS);
  /** @type {Set<string>} */
  const applied = new Set();
  /** @type {LineEdit[]} */
  const edits = [];
  for (const { rule, fix = [] } of possible) {
    if (fix.some((edit) => edits.some((each) => overlaps(each, edit)))) continue;
    if (fix.length > 0) applied.add(rule);
    edits.push(...fix);
  }
  for (const rule of applied) rounds.set(rule, (rounds.get(rule) ?? 0) + 1);
  return edits;
};

/** Lines that are inserted at the same line overlap as well. @param {LineEdit} one @param {LineEdit} other */
const overlaps = (one, other) =>
  (one.file ?? "") === (other.file ?? "") &&
  one.line <= Math.max(other.lastLine, other.line) &&
  other.line <= Math.max(one.lastLine, one.line);

/**
 * Return the text after edits, which must not overlap.
 * @param {string} text
 * @param {LineEdit[]} edits
 */
export const applyEdits = (text, edits) => {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  // Of the edits of a line, the one that inserts comes last.
  const fromTheEnd = [...edits].sort(
    (one, other) => other.line - one.line || other.lastLine - one.lastLine,
  );
  for (const { line, lastLine, text: added } of fromTheEnd) {
    lines.splice(line - 1, lastLine - line + 1, ...added);
  }
  return lines.join(end);
};

/** @param {CheckInput} input @param {string} file */
export const textOf = ({ dockerfile, dockerignore, texts }, file) =>
  (file === "" ? dockerfile : file === IGNORE_FILE ? dockerignore : texts?.[file]) ?? "";
