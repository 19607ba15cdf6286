// @ts-check
import { atCommand, insertAbove } from "../line-edits.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "virtual-env-ignored",
  title: "`uv sync` ignores VIRTUAL_ENV",
  advice: "Set `UV_PROJECT_ENVIRONMENT` to the path.",
  severity: "breaks",
  claims: [
    "uv-sync-ignores-an-activated-environment",
    "uv-project-environment-is-the-place-of-the-environment",
  ],
  check: (project) =>
    project.installs.flatMap((call) => {
      const path = call.environment.get("VIRTUAL_ENV");
      const isIgnored =
        call.name === "sync" &&
        path?.startsWith("/") &&
        path !== call.target &&
        !has(call, "--active");
      if (!isIgnored || call.environment.has("UV_PROJECT_ENVIRONMENT")) return [];
      const message = `\`uv sync\` installs into \`${call.target}\`, not into \`${path}\`.`;
      const fix = insertAbove(project, call.instruction, `ENV UV_PROJECT_ENVIRONMENT=${path}`);
      return [{ ...atCommand(project, call, /\buv\s.*\bsync\b/), message, fix }];
    }),
};
