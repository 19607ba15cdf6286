// @ts-check
// The lines of a log without what terminals, Docker, Compose and CI systems put around a message.

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with ESC.
const COLOURS = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07)/g;
// The times of a CI system, the numbers and seconds of BuildKit, and the services of Compose.
const PREFIX =
  /^[^\S\n]*(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)? )?(?:#\d+ )?(?:(?:=> )+# )?(?:\d+\.\d+ )?(?:[\w.-]+ +\| )?/gm;
// The frame that older releases of uv draw around the causes of an error.
const FRAME = /^(?:[│├└╰╭─▶×╴>|]|[^\S\n])+/gm;

/**
 * Return a text as messages are compared: without backticks, with straight quotes and single spaces.
 * @param {string} text
 */
export const comparable = (text) =>
  text
    .replaceAll("`", "")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[^\S\n]+/g, " ");

/**
 * Return a log as a reader pasted it, without colours, and as it is compared. Both have the same lines.
 * @param {string} log
 */
export function cleaned(log) {
  const shown = log.replace(COLOURS, "").replace(/\r\n?/g, "\n");
  return { shown, compared: comparable(shown.replace(PREFIX, "").replace(FRAME, "")) };
}
