// @ts-check
// Find the answers to the messages in a log.
import { cleaned, comparable } from "./log-lines.js";

// A message is a text in which "…" stands for any text of the line, and "↵" for the rest of the line
// and up to two more lines.
/** @type {Record<string, string>} */
const GAPS = { "…": "[^\\n]{0,300}?", "↵": "[^\\n]*\\n(?:[^\\n]*\\n){0,2}?[^\\n]*?" };
const WORD = /[A-Za-z_]{3,}/g;
const WARNING = /\bwarning\b/i;
/** The longest text that is searched. The end of a log says why it ended. */
const LONGEST = 2_000_000;

/**
 * @typedef {{ name: string, messages: string[], vague?: number }} Answer
 *   An answer with a higher number in `vague` counts only if nothing better is found.
 * @typedef {{ answer: string, vague: number, source: string, words: string[], length: number }} Message
 * @typedef {{ answer: string, line: number, text: string }} Match
 *   The line starts at 0. `text` is that line as it was pasted.
 */

/**
 * Return the messages of answers, ready for `matches`.
 * @param {Answer[]} answers
 * @returns {Message[]}
 */
export const compiled = (answers) =>
  answers.flatMap(({ name, messages, vague = 0 }) =>
    messages.map((message) => ({ answer: name, vague, ...pattern(comparable(message)) })),
  );

/** @param {string} message */
function pattern(message) {
  const parts = message.split(/ *([…↵]) */);
  const source = parts.map(
    (part) => GAPS[part] ?? part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll(" ", "\\s+"),
  );
  const text = parts.filter((part) => !(part in GAPS)).join(" ");
  return {
    source: source.join(""),
    words: text.match(WORD) ?? [],
    length: text.length,
  };
}

/**
 * Return the answers to a log, best first, each with the line that it is about.
 * @param {string} log
 * @param {Message[]} messages
 * @returns {Match[]}
 */
export function matches(log, messages) {
  const { shown, compared } = cleaned(log.slice(-LONGEST));
  // Few messages have all of their words in a log, so few patterns are tried.
  const words = new Set(compared.match(WORD));
  /** @type {Map<string, { line: number, message: Message, isWarning: boolean }>} */
  const best = new Map();
  for (const message of messages) {
    if (!message.words.every((word) => words.has(word))) continue;
    const at = compared.search(new RegExp(message.source));
    if (at < 0) continue;
    const line = compared.slice(0, at).split("\n").length - 1;
    const found = { line, message, isWarning: WARNING.test(lineAt(compared, at)) };
    const other = best.get(message.answer);
    if (!other || compare(found, other) < 0) best.set(message.answer, found);
  }
  const lines = shown.split("\n");
  const least = Math.min(...Array.from(best.values(), ({ message }) => message.vague));
  return Array.from(best.values())
    .filter(({ message }) => message.vague === least)
    .sort(compare)
    .map(({ message, line }) => ({ answer: message.answer, line, text: lines[line] ?? "" }));
}

/**
 * Errors come before warnings, and the last error before earlier ones, because it stopped the program.
 * On one line, the longest message is the most specific one.
 * @param {{ line: number, message: Message, isWarning: boolean }} a
 * @param {{ line: number, message: Message, isWarning: boolean }} b
 */
const compare = (a, b) =>
  Number(a.isWarning) - Number(b.isWarning) ||
  b.line - a.line ||
  b.message.length - a.message.length;

/**
 * Return the line of a text that contains a position.
 * @param {string} text
 * @param {number} at
 */
const lineAt = (text, at) =>
  text.slice(text.lastIndexOf("\n", at) + 1, `${text}\n`.indexOf("\n", at));
