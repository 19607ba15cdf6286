// @ts-check
// The lines of a log without what terminals, Docker, Compose and CI systems put around a message.

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with ESC.
const COLOURS = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07)/g;
// The times of a CI system, the numbers and seconds of BuildKit, and the services of Compose.
const PREFIX =
  /^\s*(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)? )?(?:#\d+ )?(?:(?:=> )+# )?(?:\d+\.\d+ )?(?:[\w.-]+ +\| )?/;
// The frame that older releases of uv draw around the causes of an error.
const FRAME = /^[\s│├└╰╭─▶×╴>|]+/;

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
 * Return the lines of a log, each as a reader pasted it and as it is compared.
 * @param {string} log
 */
export function logLines(log) {
  const shown = log.replace(COLOURS, "").split(/\r\n|\n|\r/);
  const compared = shown.map((line) =>
    comparable(line.replace(PREFIX, "").replace(FRAME, "").trimEnd()),
  );
  return { shown, compared };
}
