// @ts-check
import { asPattern, at } from "../line-edits.js";

const PROGRAM = "\\b(celery|nginx|gunicorn|uvicorn|daphne|hypercorn|granian|manage\\.py +\\w+)\\b";
// A program that runs until it is stopped, and ends with a single `&`.
const BACKGROUND = new RegExp(`^[^#\\n]*?${PROGRAM}.*[^&>|]&\\s*$`, "m");
const IN_COMMAND = new RegExp(`${PROGRAM}[^&;|]*[^&>|]&(?![&>])`);

/** @type {Rule} */
export const rule = {
  id: "background-process",
  title: "A program in the background can end unnoticed",
  advice: "Start each program in a container of its own.",
  severity: "risky",
  claims: ["a-background-program-can-end-unnoticed"],
  noFix: "The program needs a container of its own.",
  check: ({ start, input, isDevelopment }) => {
    if (isDevelopment) return [];
    const { command } = start;
    const [, inCommand] = (!command?.isExec && IN_COMMAND.exec(command?.command ?? "")) || [];
    const files = new Set(start.commands.flatMap(({ file }) => file ?? []));
    const found = [...files].flatMap((file) => {
      const text = input.texts?.[file] ?? "";
      const [written, program] = BACKGROUND.exec(text) ?? [];
      if (!written || /\bwait\s+-n\b/.test(text)) return [];
      const at = text.search(new RegExp(`^${asPattern(written)}`, "m"));
      const line = text.slice(0, at).split("\n").length;
      return [{ file, line, lastLine: line, message: message(program) }];
    });
    return command && inCommand
      ? [...found, { ...at(command), message: message(inCommand) }]
      : found;
  },
};

/** @param {string} program */
const message = (program) => `If \`${program}\` ends, the container continues without it.`;
