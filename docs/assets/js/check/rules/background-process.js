// @ts-check
import { asPattern } from "../line-edits.js";

// A program that runs until it is stopped, and ends with a single `&`.
const BACKGROUND =
  /^[^#\n]*?\b(celery|nginx|gunicorn|uvicorn|daphne|hypercorn|granian|manage\.py +\w+)\b.*[^&>|]&\s*$/m;

/** @type {Rule} */
export const rule = {
  id: "background-process",
  title: "The container does not end with a program in the background",
  advice: "Start each program in a container of its own.",
  severity: "risky",
  claims: [],
  lacks: "If a program in the background of a start script ends, the container goes on.",
  noFix: "The program needs a service of its own.",
  check: ({ start, input, isDevelopment }) => {
    const files = new Set(start.commands.flatMap(({ file }) => file ?? []));
    return [...files].flatMap((file) => {
      const text = input.texts?.[file] ?? "";
      const [written, program] = BACKGROUND.exec(text) ?? [];
      if (isDevelopment || !written || /\bwait\s+-n\b/.test(text)) return [];
      const at = text.search(new RegExp(`^${asPattern(written)}`, "m"));
      const line = text.slice(0, at).split("\n").length;
      const message = `If \`${program}\` ends, nothing notices it, and the container goes on without it.`;
      return [{ file, line, lastLine: line, message }];
    });
  },
};
