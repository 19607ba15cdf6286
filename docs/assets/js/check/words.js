// @ts-check
// Words and variables in Dockerfiles, as BuildKit's parser and its shell lexer read them.

import { textGlob } from "./globs.js";

/** @typedef {ReadonlyMap<string, string>} Variables */

/**
 * Return a text without quotes, and with its variables replaced.
 *
 * A variable that is not known stays as it is, because the base image may set it. Throws a
 * SyntaxError if the text is malformed.
 * @param {string} text
 * @param {Variables} variables
 * @param {{ token?: string, keepsQuotes?: boolean }} [options] `token` is the escape character.
 */
export const expand = (text, variables, { token = "\\", keepsQuotes = false } = {}) =>
  new Lexer(text, variables, token, keepsQuotes).until("");

class Lexer {
  at = 0;

  /**
   * @param {string} text
   * @param {Variables} variables
   * @param {string} token
   * @param {boolean} keepsQuotes
   */
  constructor(text, variables, token, keepsQuotes) {
    this.text = text;
    this.variables = variables;
    this.token = token;
    this.keepsQuotes = keepsQuotes;
  }

  /**
   * Read up to a character, which is left out, or to the end.
   * @param {string} stop
   * @param {boolean} [isPattern] Escape characters stay.
   */
  until(stop, isPattern = false) {
    let result = "";
    while (this.at < this.text.length && this.text[this.at] !== stop) {
      result += this.part(isPattern);
    }
    if (stop !== "") this.skip(stop);
    return result;
  }

  /** @param {string} expected */
  skip(expected) {
    if (this.text[this.at] !== expected) {
      throw new SyntaxError(`${JSON.stringify(this.text)} has no closing ${expected}`);
    }
    this.at += 1;
  }

  /** @param {boolean} isPattern */
  part(isPattern) {
    const character = this.text[this.at];
    if (character === "$") return this.variable();
    if (character === "'" && !this.keepsQuotes) return this.singleQuoted();
    if (character === '"' && !this.keepsQuotes) return this.doubleQuoted();
    this.at += 1;
    if (character !== this.token) return character;
    this.at += 1;
    return (isPattern ? character : "") + this.text.slice(this.at - 1, this.at);
  }

  singleQuoted() {
    const start = this.at + 1;
    this.at = this.text.indexOf("'", start);
    if (this.at < 0) this.at = this.text.length;
    this.skip("'");
    return this.text.slice(start, this.at - 1);
  }

  doubleQuoted() {
    let result = "";
    this.at += 1;
    while (this.at < this.text.length && this.text[this.at] !== '"') {
      result += this.text[this.at] === "$" ? this.variable() : this.quotedCharacter();
    }
    this.skip('"');
    return result;
  }

  quotedCharacter() {
    const next = this.text[this.at + 1];
    if (this.text[this.at] === this.token && ['"', "$", this.token].includes(next)) this.at += 1;
    this.at += 1;
    return this.text[this.at - 1];
  }

  name() {
    const match = /^(?:\d+|[@*#?$!-]|\w*)/.exec(this.text.slice(this.at))?.[0] ?? "";
    this.at += match.length;
    return match;
  }

  variable() {
    const start = this.at;
    this.at += 1;
    if (this.text[this.at] !== "{") {
      const name = this.name();
      return this.variables.get(name) ?? `$${name}`;
    }
    this.at += 1;
    const value = this.variables.get(this.name());
    const operator = /^(?::?[-+?]|##?|%%?|\/\/?)?/.exec(this.text.slice(this.at))?.[0] ?? "";
    this.at += operator.length;
    const isPattern = /[#%/]/.test(operator);
    const word = operator.startsWith("/") ? this.until("/", true) : "";
    const last = this.until("}", isPattern);
    const [pattern, replacement] = operator.startsWith("/") ? [word, last] : [last, ""];
    if (value === undefined && !/[-+]/.test(operator)) return this.text.slice(start, this.at);
    if (isPattern) return withoutPattern(value ?? "", operator, pattern, replacement);
    return orDefault(value, operator, last);
  }
}

/**
 * @param {string | undefined} value
 * @param {string} operator
 * @param {string} word
 */
const orDefault = (value, operator, word) => {
  const isSet = value !== undefined && !(operator.startsWith(":") && value === "");
  if (operator.endsWith("-")) return isSet ? value : word;
  if (operator.endsWith("+")) return isSet ? word : "";
  return value ?? "";
};

/**
 * Remove a prefix or a suffix, or replace the pattern.
 * @param {string} value
 * @param {string} operator
 * @param {string} pattern
 * @param {string} replacement
 */
const withoutPattern = (value, operator, pattern, replacement) => {
  const matches = textGlob(pattern);
  // The shortest match first.
  const lengths = [...Array(value.length + 1).keys()];
  if (operator === "##" || operator === "%%") lengths.reverse();
  if (operator.startsWith("#")) {
    const length = lengths.find((each) => matches(value.slice(0, each)));
    return value.slice(length ?? 0);
  }
  if (operator.startsWith("%")) {
    const length = lengths.find((each) => matches(value.slice(value.length - each)));
    return value.slice(0, value.length - (length ?? 0));
  }
  return replaced(value, matches, replacement, operator === "//");
};

/**
 * Replace the longest match at the first position that has one, or at all positions.
 * @param {string} value
 * @param {(text: string) => boolean} matches
 * @param {string} replacement
 * @param {boolean} isRepeated
 */
const replaced = (value, matches, replacement, isRepeated) => {
  let result = "";
  let start = 0;
  while (start < value.length) {
    let end = value.length;
    while (end > start && !matches(value.slice(start, end))) end -= 1;
    result += end > start ? replacement : value[start];
    start = Math.max(end, start + 1);
    if (!isRepeated && end === start) break;
  }
  return result + value.slice(start);
};

/**
 * Split a text at spaces outside quotes. The words keep their quotes and escapes.
 * @param {string} text
 * @param {string} [token]
 */
export const split = (text, token = "\\") => text.match(wordPattern(token, "gs")) ?? [];

/** @param {string} token @param {string} flags */
const wordPattern = (token, flags) => {
  const escaped = `\\${token}.`;
  return new RegExp(`(?:${escaped}|"(?:${escaped}|[^"])*"?|'[^']*'?|[^\\s"'])+`, flags);
};

/**
 * Separate the flags at the beginning of an instruction from the rest.
 * @param {string} text What follows the keyword.
 * @param {string} [token]
 * @returns {{ flags: [string, string][], rest: string }}
 */
export const separateFlags = (text, token = "\\") => {
  /** @type {[string, string][]} */
  const flags = [];
  let rest = text.trim();
  while (rest.startsWith("--")) {
    const [word] = wordPattern(token, "s").exec(rest) ?? [rest];
    rest = rest.slice(word.length).trim();
    if (word === "--") break;
    const unquoted = word.replace(new RegExp(`\\${token}(.)|["']`, "gs"), "$1");
    const [name, value = "true"] = unquoted.slice(2).split(/=(.*)/s);
    flags.push([name, value]);
  }
  return { flags, rest };
};

/**
 * Return the strings of a JSON array, or undefined if the text is anything else.
 * @param {string} text
 * @returns {string[] | undefined}
 */
export const jsonStrings = (text) => {
  if (!text.startsWith("[")) return undefined;
  try {
    const list = JSON.parse(text);
    return list.every((/** @type {unknown} */ each) => typeof each === "string") ? list : undefined;
  } catch {
    return undefined;
  }
};
