// @ts-check
// The difference that a fix makes to a file.

/** @typedef {{ sign: "-" | "+" | " ", line: string }} DifferenceLine */
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
    return { file, lines: own.sort((one, other) => one.line - other.line).flatMap(change(lines)) };
  });

/** @param {string[]} lines @returns {(edit: LineEdit) => DifferenceLine[]} */
const change =
  (lines) =>
  ({ line, lastLine, text }) => {
    const old = lines.slice(line - 1, lastLine);
    const start = equalAtStart(old, text);
    const end = equalAtStart(old.slice(start).reverse(), text.slice(start).reverse());
    const first = line - 1 + start;
    return [
      ...context(lines.slice(Math.max(0, first - 1), first)),
      ...marked("-", old.slice(start, old.length - end)),
      ...marked("+", text.slice(start, text.length - end)),
      ...context(lines.slice(first + old.length - start - end).slice(0, 1)),
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

/** @param {string[]} one @param {string[]} other */
const equalAtStart = (one, other) => {
  const at = one.findIndex((line, index) => line !== other[index]);
  return at === -1 ? Math.min(one.length, other.length) : at;
};
