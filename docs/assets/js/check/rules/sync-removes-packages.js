// @ts-check
import { atCommand } from "../line-edits.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "sync-removes-packages",
  title: "`uv sync` removes packages that an earlier step installed",
  advice: "Add the package to pyproject.toml, or pass `--inexact`.",
  severity: "breaks",
  claims: [
    "uv-sync-removes-what-is-not-in-the-lockfile",
    "inexact-keeps-what-is-not-in-the-lockfile",
  ],
  noFix: "You have to run `uv add` on your machine first.",
  check: (project) =>
    project.installs.flatMap((call, index) => {
      if (call.name !== "pip install" || !call.ships || call.operands.length === 0) return [];
      // `uv sync` keeps pip and uv in some environments, and a path can be a locked package.
      const names = call.operands.filter(
        (word) =>
          /^[A-Za-z]/.test(word) && !/[/.]|^(?:pip|uv)\b/.test(word.replace(/[=<>~!].*/, "")),
      );
      const later = project.installs
        .slice(index + 1)
        .find(({ name, target }) => name === "sync" && target === call.target);
      const first = project.installs.findIndex(
        ({ name, target }) => name === "sync" && target === call.target,
      );
      if (names.length === 0 || !later || has(later, "--inexact") || first > index) return [];
      const message = `\`uv sync\` in line ${later.instruction.line} removes \`${names[0]}\` again, unless uv.lock has it.`;
      return [{ ...atCommand(project, call, /\buv\s+pip\b/), message }];
    }),
};
