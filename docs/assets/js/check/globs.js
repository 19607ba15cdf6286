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
 * Return a function that says whether a text matches a pattern in which `*` and `?` match all
 * characters, and brackets have no meaning.
 * @param {string} pattern
 */
export const textGlob = (pattern) =>
  globOf(
    [...pattern.matchAll(/\\.|./gsu)].map(([token]) => {
      if (token === "*") return { matches: isAny, isRepeated: true, endsAfter: isAny };
      return token === "?" ? { matches: isAny } : { matches: literalTest(token) };
    }),
  );

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
  return { matches: literalTest(token) };
};

/** @param {string} token @returns {Test} */
const literalTest = (token) => {
  const literal = token.length > 1 && token.startsWith("\\") ? token.slice(1) : token;
  return (character) => character === literal;
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
  const glob = new Glob(parts);
  /** @param {string} path */
  return (path) => glob.matches(path);
};

/** Follows all ways to match a path at the same time, one character after another. */
class Glob {
  round = 0;
  /** @type {number[]} The parts that can match the next character. */
  states = [];

  /** @param {Part[]} parts */
  constructor(parts) {
    this.parts = parts;
    // The round, one for each character, in which each part was last added.
    this.added = new Uint32Array(parts.length + 1);
  }

  /** @param {string} path */
  matches(path) {
    if (!this.canEnd(path)) return false;
    this.startRound();
    this.enter(0);
    for (const character of path) {
      const before = this.states;
      this.startRound();
      for (const at of before) this.advance(at, character);
      if (this.states.length === 0) return false;
    }
    return this.states.includes(this.parts.length);
  }

  /**
   * Return false for most paths that do not match, because their last character does not.
   * @param {string} path
   */
  canEnd(path) {
    const last = this.parts.at(-1);
    // A character can consist of two code units.
    return !last || last.isRepeated || last.matches([...path.slice(-2)].at(-1) ?? "");
  }

  startRound() {
    this.round += 1;
    this.states = [];
  }

  /** @param {number} at @param {string} character */
  advance(at, character) {
    const part = this.parts[at];
    if (!part?.matches(character)) return;
    if (!part.isRepeated) this.enter(at + 1);
    else if (part.endsAfter?.(character)) this.enter(at);
    else this.add(at);
  }

  /**
   * Add a part and, as repeated parts can match nothing, the parts after it.
   * @param {number} first
   */
  enter(first) {
    let at = first;
    while (this.add(at) && this.parts[at]?.isRepeated) at += 1;
  }

  /**
   * Return whether the part was not added before.
   * @param {number} at
   */
  add(at) {
    if (this.added[at] === this.round) return false;
    this.added[at] = this.round;
    this.states.push(at);
    return true;
  }
}
