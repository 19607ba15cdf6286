// @ts-check
// The difference that a fix makes to a file.

import { equalAtStart } from "../kit/line-changes.js";

/** @typedef {import("../kit/line-changes.js").SignedLine} DifferenceLine */
/** @typedef {{ file: string, lines: DifferenceLine[] }} Difference */

/**
 * Return what the edits of a fix change, with a line of context around each change.
 * @param {LineEdit[]} edits
 * @param {(file: string) => string} textOf Returns the text of a file. The Dockerfile is "".
 * @returns {Difference[]}
 */
export const differences = (edits, textOf) =>
  [...new Set(edits.map(({ file = "" }) => file))].map((file) => {
    const lines = textOf(file).split(/\r?\n/);
    const own = edits.filter((edit) => (edit.file ?? "") === file);
    const changes = own.map(changeIn(lines)).sort((one, other) => one.first - other.first);
    return { file, lines: changes.flatMap((change, at) => shown(lines, change, changes, at)) };
  });

/**
 * Lines that are replaced. `first` and `end` are the indexes of the first one and of the line below.
 * @typedef {{ first: number, end: number, added: string[] }} Change
 */

/** @param {string[]} lines @returns {(edit: LineEdit) => Change} */
const changeIn =
  (lines) =>
  ({ line, lastLine, text }) => {
    const old = lines.slice(line - 1, lastLine);
    const start = equalAtStart(old, text);
    const end = equalAtStart(old.slice(start).reverse(), text.slice(start).reverse());
    const first = line - 1 + start;
    const added = text.slice(start, text.length - end);
    return { first, end: first + old.length - start - end, added };
  };

/**
 * Return a change between the line above and the line below it. A line between two changes is shown
 * once.
 * @param {string[]} lines
 * @param {Change} change
 * @param {Change[]} changes
 * @param {number} at
 * @returns {DifferenceLine[]}
 */
const shown = (lines, { first, end, added }, changes, at) => {
  const above = Math.max(0, first - 1, (changes[at - 1]?.end ?? -1) + 1);
  const below = Math.min(end + 1, changes[at + 1]?.first ?? lines.length);
  return [
    ...context(lines.slice(above, first)),
    ...marked("-", lines.slice(first, end)),
    ...marked("+", added),
    ...context(lines.slice(end, below)),
  ];
};

/** @param {DifferenceLine["sign"]} sign @param {string[]} lines @returns {DifferenceLine[]} */
const marked = (sign, lines) => lines.map((line) => ({ sign, line }));

/** @param {string[]} lines */
const context = (lines) =>
  marked(
    " ",
    lines.filter((line) => line.trim() !== ""),
  );
