// @ts-check
import { asPattern } from "../line-edits.js";

// A program that runs until it is stopped, and ends with a single `&`.
const BACKGROUND =
  /^[^#\n]*?\b(celery|nginx|gunicorn|uvicorn|daphne|hypercorn|granian|manage\.py +\w+)\b.*[^&>|]&\s*$/m;

/** @type {Rule} */
export const rule = {
  id: "background-process",
  title: "A program in the background can end unnoticed",
  advice: "Start each program in a container of its own.",
  severity: "risky",
  claims: ["a-background-program-can-end-unnoticed"],
  noFix: "The program needs a container of its own.",
  check: ({ start, input, isDevelopment }) => {
    const files = new Set(start.commands.flatMap(({ file }) => file ?? []));
    return [...files].flatMap((file) => {
      const text = input.texts?.[file] ?? "";
      const [written, program] = BACKGROUND.exec(text) ?? [];
      if (isDevelopment || !written || /\bwait\s+-n\b/.test(text)) return [];
      const at = text.search(new RegExp(`^${asPattern(written)}`, "m"));
      const line = text.slice(0, at).split("\n").length;
      const message = `If \`${program}\` ends, the container continues without it.`;
      return [{ file, line, lastLine: line, message }];
    });
  },
};
