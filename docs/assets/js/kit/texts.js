// @ts-check
// Change texts of examples. An example that has changed so that a text is missing is an error,
// because the kit would be wrong in silence.

const BREAK = "\n\n";

/**
 * Replace a text that stands exactly once.
 * @param {string} text
 * @param {string} old
 * @param {string} replacement
 */
export const replaceOnce = (text, old, replacement) => {
  const parts = text.split(old);
  if (parts.length !== 2) throw new Error(`${quoted(old)} stands ${parts.length - 1} times.`);
  return parts.join(replacement);
};

/** @param {string} text */
const quoted = (text) => JSON.stringify(text);

/** The parts of a file between empty lines. @param {string} text */
export const paragraphs = (text) => text.replace(/\n$/, "").split(BREAK);

/** @param {string[]} parts */
const joined = (parts) => `${parts.join(BREAK)}\n`;

/**
 * Return the index of the only paragraph that contains a text.
 * @param {string[]} parts
 * @param {string} anchor
 */
const indexOf = (parts, anchor) => {
  const indexes = parts.flatMap((part, index) => (part.includes(anchor) ? [index] : []));
  if (indexes.length !== 1) {
    throw new Error(`${quoted(anchor)} is in ${indexes.length} paragraphs.`);
  }
  return indexes[0];
};

/**
 * Return the only paragraph that contains a text.
 * @param {string} text
 * @param {string} anchor
 */
export const paragraph = (text, anchor) => {
  const parts = paragraphs(text);
  return parts[indexOf(parts, anchor)];
};

/**
 * Replace the paragraph that contains a text by others. Without any, it is removed.
 * @param {string} text
 * @param {string} anchor
 * @param {...string} replacements
 */
export const replaceParagraph = (text, anchor, ...replacements) => {
  const parts = paragraphs(text);
  parts.splice(indexOf(parts, anchor), 1, ...replacements);
  return joined(parts);
};

/**
 * Insert paragraphs after the one that contains a text.
 * @param {string} text
 * @param {string} anchor
 * @param {...string} added
 */
export const insertAfter = (text, anchor, ...added) =>
  replaceParagraph(text, anchor, paragraph(text, anchor), ...added);

/**
 * Insert paragraphs before the one that contains a text.
 * @param {string} text
 * @param {string} anchor
 * @param {...string} added
 */
export const insertBefore = (text, anchor, ...added) =>
  replaceParagraph(text, anchor, ...added, paragraph(text, anchor));

/**
 * Return the lines from the first one that contains a text to the first one after it that contains
 * another.
 * @param {string} text
 * @param {string} first
 * @param {string} [last]
 */
export const lines = (text, first, last = first) => {
  const all = text.split("\n");
  const start = all.findIndex((line) => line.includes(first));
  const end = all.findIndex((line, index) => index >= start && line.includes(last));
  if (start < 0 || end < 0) throw new Error(`${quoted(first)} or ${quoted(last)} is missing.`);
  return all.slice(start, end + 1).join("\n");
};

/**
 * Remove the lines that `lines` returns.
 * @param {string} text
 * @param {string} first
 * @param {string} [last]
 */
export const withoutLines = (text, first, last) =>
  replaceOnce(text, `${lines(text, first, last)}\n`, "");

const WIDTH = 79;

/**
 * Wrap the words of a comment as the examples do.
 * @param {string} words
 */
export const comment = (words) => {
  /** @type {string[]} */
  const wrapped = [];
  for (const word of words.split(/\s+/)) {
    const last = wrapped.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= WIDTH) {
      wrapped[wrapped.length - 1] = `${last} ${word}`;
    } else wrapped.push(`# ${word}`);
  }
  return wrapped.join("\n");
};

// Lines of a comment, of which those for hadolint are no prose.
const PROSE = /^(?:# (?!hadolint ).*\n)*/;

/** Return the comment at the start of a paragraph on one line. @param {string} part */
export const commentOf = (part) =>
  (PROSE.exec(part)?.[0] ?? "").trim().slice(2).replaceAll("\n# ", " ");

/**
 * Change the comment at the start of a paragraph, and wrap it again.
 * @param {string} text
 * @param {string} anchor a text in the paragraph
 * @param {(words: string) => string} change
 */
export const changeComment = (text, anchor, change) => {
  const part = paragraph(text, anchor);
  return replaceParagraph(text, anchor, withComment(part, change));
};

/** @param {string} part @param {(words: string) => string} change */
export const withComment = (part, change) =>
  part.replace(PROSE, () => `${comment(change(commentOf(part)))}\n`);
