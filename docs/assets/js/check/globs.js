// @ts-check
// Patterns with wildcards. The time for a match grows with the pattern and the path alone, however
// many wildcards there are. A regular expression
// would try every way to divide the path among them.

/** @typedef {(character: string) => boolean} Test */
/** @typedef {{ matches: Test, isRepeated?: boolean, endsAfter?: Test }} Part */

const CLASS = "\\[(?:\\\\.|[^\\]\\\\])*\\]";
const REST = `\\?|${CLASS}|\\\\.|.`;
const NAME_TOKEN = new RegExp(`\\*+|${REST}`, "gsu");
const PATH_TOKEN = new RegExp(`\\*\\*(?:/\\*\\*)*/?|\\*|${REST}`, "gsu");

const isAny = () => true;
/** @type {Test} */
const isInName = (character) => character !== "/";
/** @type {Test} */
const isSlash = (character) => character === "/";

/**
 * Return a function that says whether a path matches a pattern of the shell. `*` and `?` do not
 * match slashes, and `**` is the same as `*`.
 * @param {string} pattern
 */
export const nameGlob = (pattern) =>
  globOf([...pattern.matchAll(NAME_TOKEN)].map(([token]) => part(token)));

/**
 * Return a function that says whether a path matches a pattern in which `**` also matches slashes,
 * and `**` + `/` any number of folders.
 * @param {string} pattern
 */
export const pathGlob = (pattern) =>
  globOf(
    [...pattern.matchAll(PATH_TOKEN)].map(({ 0: token, index }) =>
      token.startsWith("**") ? doubleAsterisk(token, index, pattern) : part(token),
    ),
  );

/** @param {string} token @param {number} at @param {string} pattern @returns {Part} */
const doubleAsterisk = (token, at, pattern) => {
  const isLast = at + token.length === pattern.length;
  // `**name` at the beginning matches every path that ends with the name.
  const isSuffix = at === 0 && token === "**" && !/[*?[\\]/.test(pattern.slice(2));
  const endsAfter = isLast || isSuffix ? isAny : isSlash;
  return { matches: isAny, isRepeated: true, endsAfter };
};

/** @param {string} token @returns {Part} */
const part = (token) => {
  if (token.startsWith("*")) return { matches: isInName, isRepeated: true, endsAfter: isAny };
  if (token === "?") return { matches: isInName };
  if (token.startsWith("[")) return { matches: classTest(token) };
  const literal = token.length > 1 && token.startsWith("\\") ? token.slice(1) : token;
  return { matches: (character) => character === literal };
};

/** @param {string} token @returns {Test} */
const classTest = (token) => {
  const escaped = token.replace(
    /\\(.)/gsu,
    (_, character) => `\\u{${character.codePointAt(0).toString(16)}}`,
  );
  try {
    const expression = new RegExp(`^${escaped}$`, "su");
    return (character) => expression.test(character);
  } catch {
    // Docker rejects the file. A class that is not valid, or not closed, matches nothing.
    return () => false;
  }
};

/** @param {Part[]} parts */
const globOf = (parts) => {
  // The round, one for each character, in which each part was last entered.
  const entered = new Uint32Array(parts.length + 1);
  let round = 0;
  /**
   * Enter a part and, as repeated parts can match nothing, the parts after it.
   * @param {number[]} states
   * @param {number} first
   */
  const enter = (states, first) => {
    for (let at = first; entered[at] !== round; at += 1) {
      entered[at] = round;
      states.push(at);
      if (!parts[at]?.isRepeated) return;
    }
  };

  /** @param {number[]} before @param {string} character */
  const after = (before, character) => {
    /** @type {number[]} */
    const states = [];
    round += 1;
    for (const at of before) {
      const each = parts[at];
      if (!each?.matches(character)) continue;
      if (!each.isRepeated) enter(states, at + 1);
      else if (each.endsAfter?.(character)) enter(states, at);
      else if (entered[at] !== round) {
        entered[at] = round;
        states.push(at);
      }
    }
    return states;
  };

  const last = parts.at(-1);
  /** @param {string} path */
  return (path) => {
    // Most paths differ in their last character already. It can consist of two code units.
    const end = [...path.slice(-2)].at(-1) ?? "";
    if (last && !last.isRepeated && !last.matches(end)) return false;
    /** @type {number[]} */
    let states = [];
    round += 1;
    enter(states, 0);
    for (const character of path) {
      states = after(states, character);
      if (states.length === 0) return false;
    }
    return states.includes(parts.length);
  };
};
