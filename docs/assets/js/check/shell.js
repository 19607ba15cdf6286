// @ts-check
// Split shell scripts into commands. This supports the syntax that RUN instructions commonly use.

// A word ends at spaces and operators outside quotes, substitutions and subshells.
const QUOTED = `"(?:\\\\.|[^"\\\\])*"?|'[^']*'?|\`(?:\\\\.|[^\`])*\`?`;
const SUBSTITUTION = "\\$\\{[^}]*\\}?|\\$?\\((?:[^()]|\\([^()]*\\))*\\)?";
const WORD = `(?:\\\\.|${QUOTED}|${SUBSTITUTION}|[<>]&|[^\\s;|&"'\`(])+`;
const TOKEN = new RegExp(`(${WORD})|\\n|&&|\\|\\||[;|&]`, "gs");

/**
 * Return the words of each simple command of a script, with their quotes.
 *
 * Commands end at `&&`, `||`, `|`, `;`, `&` and newlines.
 * @param {string} script
 */
export const commands = (script) => {
  /** @type {string[][]} */
  const lists = [[]];
  const lines = script.replace(/\\\n/g, "").replace(/^\s*#.*\n?/gm, "");
  for (const [, word] of lines.matchAll(TOKEN)) {
    if (word === undefined) lists.push([]);
    else lists[lists.length - 1].push(word);
  }
  return lists.filter((words) => words.length > 0);
};

/**
 * Return the variables that a command sets for itself, and the program with its arguments, without
 * quotes. Variables in the words stay as they are.
 * @param {string[]} words
 */
export const call = (words) => {
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const count = start < 0 ? words.length : start;
  const assignments = words
    .slice(0, count)
    .map((word) => /** @type {[string, string]} */ (unquoted(word).split(/=(.*)/s).slice(0, 2)));
  return { variables: new Map(assignments), words: words.slice(count).map(unquoted) };
};

/** @param {string} word */
const unquoted = (word) => word.replace(/"((?:\\.|[^"])*)"|'([^']*)'/gs, "$1$2");
