// @ts-check
// The lines that differ between two texts.

// A table for more pairs of lines needs seconds.
const MAX_PAIRS = 1_000_000;

/** @typedef {{ sign: "-" | "+" | " ", line: string }} SignedLine */

/**
 * Return the lines of both texts in order, with a sign for those that only one of them has.
 * @param {string} before
 * @param {string} after
 * @returns {SignedLine[]}
 */
export const lineChanges = (before, after) => {
  const [old, own] = [linesOf(before), linesOf(after)];
  const start = equalAtStart(old, own);
  const end = Math.min(
    equalAtStart(old.toReversed(), own.toReversed()),
    Math.min(old.length, own.length) - start,
  );
  const [removed, added] = [old, own].map((lines) => lines.slice(start, lines.length - end));
  const isLarge = removed.length * added.length > MAX_PAIRS;
  return [
    ...signed(" ", own.slice(0, start)),
    ...(isLarge ? [...signed("-", removed), ...signed("+", added)] : between(removed, added)),
    ...signed(" ", own.slice(own.length - end)),
  ];
};

/**
 * Return the indexes of the lines of the second text that the first one does not have.
 * @param {string} before
 * @param {string} after
 */
export const newLines = (before, after) => {
  const indexes = new Set();
  let index = 0;
  for (const { sign } of lineChanges(before, after)) {
    if (sign === "+") indexes.add(index);
    if (sign !== "-") index += 1;
  }
  return indexes;
};

/** @param {string} text */
const linesOf = (text) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

/** @param {SignedLine["sign"]} sign @param {string[]} lines */
const signed = (sign, lines) => lines.map((line) => ({ sign, line }));

/**
 * Return how many items two lists have in common at their start.
 * @param {string[]} one
 * @param {string[]} other
 */
export const equalAtStart = (one, other) => {
  const at = one.findIndex((line, index) => line !== other[index]);
  return at === -1 ? Math.min(one.length, other.length) : at;
};

/**
 * Follow the longest common subsequence.
 * @param {string[]} old
 * @param {string[]} own
 * @returns {SignedLine[]}
 */
const between = (old, own) => {
  const lengths = commonLengths(old, own);
  /** @type {SignedLine[]} */
  const result = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < own.length) {
    if (at < old.length && to < own.length && old[at] === own[to]) {
      result.push({ sign: " ", line: own[to] });
      at += 1;
      to += 1;
    } else if (
      to === own.length ||
      (at < old.length && lengths[at + 1][to] >= lengths[at][to + 1])
    ) {
      result.push({ sign: "-", line: old[at] });
      at += 1;
    } else {
      result.push({ sign: "+", line: own[to] });
      to += 1;
    }
  }
  return result;
};

/**
 * Return the length of the longest common subsequence of the rests that start at two indexes.
 * @param {string[]} old
 * @param {string[]} own
 */
const commonLengths = (old, own) => {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(own.length + 1));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let to = own.length - 1; to >= 0; to -= 1) {
      lengths[at][to] =
        old[at] === own[to]
          ? lengths[at + 1][to + 1] + 1
          : Math.max(lengths[at + 1][to], lengths[at][to + 1]);
    }
  }
  return lengths;
};
