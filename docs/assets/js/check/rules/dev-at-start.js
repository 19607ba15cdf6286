// @ts-check
import { atCommand } from "../line-edits.js";
import { withoutUvRun } from "../start-commands.js";
import { uvCall } from "../uv-calls.js";
import { installsDev } from "./uv-run-at-start.js";

/** @type {Rule} */
export const rule = {
  id: "dev-at-start",
  title: "`uv run` installs the dev group when a container starts",
  advice: "Start the program without `uv run`: put the environment's `bin` folder on `PATH`.",
  severity: "breaks",
  claims: [
    "uv-run-in-an-image-without-dev-wants-to-install-dev",
    "uv-run-installs-what-no-dev-left-out",
  ],
  check: (project) =>
    project.isDevelopment
      ? []
      : project.start.commands
          .filter((command) => {
            const call = uvCall(command);
            return call?.name === "run" && installsDev(project, call);
          })
          .slice(0, 1)
          .map((command) => ({
            ...atCommand(project, command, /\buv\b/),
            message:
              "The build leaves the dev group out, and `uv run` installs it before the server starts, which fails without a network.",
            fix: withoutUvRun(project, command),
          })),
};
