// @ts-check
// Apply the fixes of findings.

import { check } from "./findings.js";
import { IGNORE_FILE } from "./line-edits.js";

// A fix can make another one possible, such as one on the same line.
const MAX_ROUNDS = 20;

/**
 * Return the new texts of the files that fixes change, by their path from the build context. The
 * Dockerfile has the path "".
 * @param {CheckInput} input
 * @returns {Record<string, string>}
 */
export const fixAll = (input) => {
  /** @type {Set<string>} The fixes of earlier rounds, which are not applied again. */
  const applied = new Set();
  /** @type {Set<string>} */
  const files = new Set();
  let current = input;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const edits = nextEdits(check(current).findings, applied);
    if (edits.length === 0) break;
    for (const { file = "" } of edits) files.add(file);
    current = withEdits(current, edits);
  }
  return Object.fromEntries([...files].map((file) => [file, textOf(current, file)]));
};

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
 * @param {Set<string>} applied
 */
const nextEdits = (findings, applied) => {
  const earlier = new Set(applied);
  /** @type {LineEdit[]} */
  const edits = [];
  for (const { rule, fix } of findings) {
    const name = JSON.stringify([rule, fix?.map(({ text }) => text)]);
    if (!fix || earlier.has(name)) continue;
    if (fix.some((edit) => edits.some((each) => overlaps(each, edit)))) continue;
    applied.add(name);
    edits.push(...fix);
  }
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
const applyEdits = (text, edits) => {
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
const textOf = ({ dockerfile, dockerignore, texts }, file) =>
  (file === "" ? dockerfile : file === IGNORE_FILE ? dockerignore : texts?.[file]) ?? "";
