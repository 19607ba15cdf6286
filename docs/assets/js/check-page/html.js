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

/**
 * Return the claims that prove a rule as items of a list.
 * @param {Record<string, string>} claims
 * @param {string} root
 */
export const claimList = (claims, root) => {
  const rows = Object.entries(claims).map(([name, text]) => {
    const link = `${root}reference/tested-statements/#${name}`;
    return `<li><a href="${link}">${sentence(text)}</a></li>`;
  });
  return rows.join("") || "<li>No test proves this rule yet.</li>";
};

/**
 * Return a button that leads to lines in the field.
 * @param {{ line: number, lastLine?: number }} lines
 * @param {string} file
 * @param {string} [name] The name of the file, if another one is the obvious one.
 */
export const lineButton = ({ line, lastLine = line }, file, name = "") => {
  const label = lastLine > line ? `lines ${line} to ${lastLine}` : `line ${line}`;
  const shown = name ? `${escaped(name)}, ${label}` : label.replace("l", "L");
  return `<button type="button" class="at" data-go="${escaped(file)}" data-line="${line}" data-last="${lastLine}">${shown}</button>`;
};
