// @ts-check
// Split shell scripts into commands. This supports the syntax that RUN instructions commonly use.

/** @typedef {{ operator: string, words: string[] }} Command What follows an operator. */

// A word ends at spaces and operators outside quotes, substitutions and subshells.
const QUOTED = `"(?:\\\\.|[^"\\\\])*"?|'[^']*'?|\`(?:\\\\.|[^\`])*\`?`;
const SUBSTITUTION = "\\$\\{[^}]*\\}?|\\$?\\((?:[^()]|\\([^()]*\\))*\\)?";
const WORD = `(?:\\\\.|${QUOTED}|${SUBSTITUTION}|[<>]&|[^\\s;|&"'\`(])+`;
const TOKEN = new RegExp(`(${WORD})|\\n|&&|\\|\\||[;|&]`, "gs");

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const REDIRECTION = /^(\d?)>>?(.*)$/s;
// The pattern of a case that has several alternatives.
const ALTERNATIVES = /(^|;;|\sin\s)[ \t]*[^\s|;&()$`]+(?:[ \t]*\|[ \t]*[^\s|;&()$`]+)+\)/gm;
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

/**
 * Return the words of every simple command of a script, with their quotes and with the keywords
 * before the program.
 * @param {string} script
 * @returns {string[][]}
 */
export const everyCommand = (script) =>
  separate(script).flatMap(({ words }) =>
    isSubshell(words) ? everyCommand(inSubshell(words)) : [words],
  );

/**
 * Separate what a command starts from its variables and redirections, and remove the quotes.
 * Variables in the words stay as they are.
 * @param {string[]} words
 */
export const readWords = (words) => {
  const { rest, output } = takeRedirections(words);
  const count = rest.findIndex((word) => !ASSIGNMENT.test(word));
  const start = count < 0 ? rest.length : count;
  const assignments = rest.slice(0, start).map((word) => {
    const [name, value = ""] = unquoted(word).split(/=(.*)/s);
    return /** @type {[string, string]} */ ([name, value]);
  });
  return {
    variables: new Map(assignments),
    words: rest.slice(start).map(unquoted),
    output,
  };
};

/** Return a word without its quotes. @param {string} word */
export const unquoted = (word) => word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/gs, "$1$2");

/** @param {string[]} words */
const takeRedirections = (words) => {
  const rest = [];
  let output;
  for (let at = 0; at < words.length; at += 1) {
    const redirection = words[at].match(REDIRECTION);
    if (!redirection) rest.push(words[at]);
    else {
      const file = redirection[2] || (words[++at] ?? "");
      if (!redirection[1] || redirection[1] === "1") output = unquoted(file);
    }
  }
  return { rest, output };
};

/** @param {string[]} words */
const isSubshell = ([first]) => first.startsWith("(");

/** @param {string[]} words */
const inSubshell = ([first]) => {
  const start = first.search(/[^(]/);
  let end = first.length;
  while (first[end - 1] === ")") end -= 1;
  return start < 0 ? "" : first.slice(start, end);
};

/** @param {string} script */
const separate = (script) => {
  let current = /** @type {Command} */ ({ operator: "", words: [] });
  const list = [current];
  const lines = script
    .replace(/\\\n/g, "")
    .replace(/^\s*#.*\n?/gm, "")
    .replace(ALTERNATIVES, "$1 *) ");
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
  if (isSubshell(words)) return commands(inSubshell(words));
  const start = words.findIndex((word) => !KEYWORDS.has(word));
  return start < 0 || words[start] === "}" ? [] : [words.slice(start)];
};
