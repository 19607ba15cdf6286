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
