// @ts-check
// Split shell scripts into commands. This supports the syntax that RUN instructions commonly use.

/** @typedef {{ operator: string, words: string[] }} Command What follows an operator. */

// A word ends at spaces and operators outside quotes, substitutions and subshells.
const QUOTED = `"(?:\\\\.|[^"\\\\])*"?|'[^']*'?|\`(?:\\\\.|[^\`])*\`?`;
const SUBSTITUTION = "\\$\\{[^}]*\\}?|\\$?\\((?:[^()]|\\([^()]*\\))*\\)?";
const WORD = `(?:\\\\.|${QUOTED}|${SUBSTITUTION}|[<>]&|[^\\s;|&"'\`(])+`;
const TOKEN = new RegExp(`(${WORD})|\\n|&&|\\|\\||[;|&]`, "gs");

// Words before the program, which say when the command runs.
const KEYWORDS = new Set(["!", "{", "do", "else", "exec", "if", "then", "time", "while"]);

/**
 * Return the words of each simple command of a script, with their quotes. Commands that run only if
 * another one fails are left out.
 *
 * Commands end at `&&`, `||`, `|`, `;`, `&` and newlines.
 * @param {string} script
 * @returns {string[][]}
 */
export const commands = (script) => {
  const kept = [];
  let isInFallback = false;
  for (const { operator, words } of separate(script)) {
    if (isInFallback) isInFallback = words[0] !== "}";
    else if (operator === "||") isInFallback = words[0] === "{";
    else kept.push(...simple(words));
  }
  return kept;
};

/** @param {string} script */
const separate = (script) => {
  let current = /** @type {Command} */ ({ operator: "", words: [] });
  const list = [current];
  const lines = script.replace(/\\\n/g, "").replace(/^\s*#.*\n?/gm, "");
  for (const [token, word] of lines.matchAll(TOKEN)) {
    if (word !== undefined) current.words.push(word);
    else if (current.words.length > 0) {
      current = { operator: token, words: [] };
      list.push(current);
    }
  }
  return list.filter(({ words }) => words.length > 0);
};

/** @param {string[]} words @returns {string[][]} */
const simple = (words) => {
  const [subshell] = words;
  if (subshell.startsWith("(")) return commands(subshell.slice(1).replace(/\)$/, ""));
  const start = words.findIndex((word) => !KEYWORDS.has(word));
  return start < 0 || words[start] === "}" ? [] : [words.slice(start)];
};
