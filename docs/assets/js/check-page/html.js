// @ts-check
// HTML out of texts.

/** @param {string} text */
export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/**
 * Return a sentence in which text between backticks is code.
 * @param {string} text
 */
export const sentence = (text) => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

/**
 * Return a number with its noun, such as "1 step" or "2 steps".
 * @param {number} number
 * @param {string} noun
 */
export const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** @typedef {{ claims: Record<string, string>, notes: string[] }} Explained */

/**
 * Return what proves a rule and what else there is to know of it, as items of a list.
 * @param {Explained} explained
 * @param {string} root
 */
export const explanation = ({ claims, notes }, root) => {
  const rows = Object.entries(claims).map(([name, text]) => {
    const link = `${root}reference/tested-statements/#${name}`;
    return `<a href="${link}">${sentence(text)}</a>`;
  });
  return [...rows, ...notes.map(sentence)].map((row) => `<li>${row}</li>`).join("");
};

/**
 * Return which lines a finding is about.
 * @param {{ line: number, lastLine?: number }} lines
 * @param {string} name The name of the file, if another one is the obvious one.
 */
export const lineLabel = ({ line, lastLine = line }, name) => {
  const label = lastLine > line ? `lines ${line} to ${lastLine}` : `line ${line}`;
  return name ? `${escaped(name)}, ${label}` : label.replace("l", "L");
};

/**
 * Return a button that leads to lines in the field.
 * @param {{ line: number, lastLine?: number }} lines
 * @param {string} file
 * @param {string} [name] The name that is shown.
 */
export const lineButton = ({ line, lastLine = line }, file, name = "") => {
  const shown = lineLabel({ line, lastLine }, name);
  return `<button type="button" class="at" data-go="${escaped(file)}" data-line="${line}" data-last="${lastLine}">${shown}</button>`;
};
