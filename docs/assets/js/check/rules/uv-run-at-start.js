// @ts-check
import { atCommand } from "../line-edits.js";
import { withoutUvRun } from "../start-commands.js";
import { hasDev, runSyncs, takesDev, uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "uv-run-at-start",
  title: "The container needs uv when it starts",
  advice: "Start the program without uv: put the environment's `bin` folder on `PATH`.",
  severity: "risky",
  claims: ["uv-run-needs-a-place-to-write", "uv-run-locks-again", "uv-run-locked-still-installs"],
  check: (project) =>
    project.isDevelopment
      ? []
      : project.start.commands
          .filter((command) => installsAtStart(project, uvCall(command)))
          .slice(0, 1)
          .map((command) => ({
            ...atCommand(project, command, /\buv\b/),
            message: startMessage(command),
            fix: uvCall(command)?.name === "run" ? withoutUvRun(project, command) : undefined,
          })),
};

/** `uv run` that installs the dev group has a rule of its own. @param {CheckedProject} project @param {UvCall} [call] */
const installsAtStart = (project, call) =>
  call?.name === "run"
    ? !installsDev(project, call)
    : call?.name === "sync" || call?.name.startsWith("pip ");

/** @param {ShellCommand} command */
export const startMessage = (command) => {
  const call = uvCall(command);
  if (call?.name !== "run") {
    return `\`uv ${call?.name}\` installs packages each time a container starts, so a start needs the index and a place to write.`;
  }
  return runSyncs(call)
    ? "`uv run` compares the environment with the lockfile at each start, and installs what is missing before the server starts."
    : "On a read-only file system, `uv run --no-sync` fails unless uv can write to its cache.";
};

/**
 * Whether a call of `uv run` installs the dev group that the build left out.
 * @param {CheckedProject} project
 * @param {UvCall} call
 */
export const installsDev = (project, call) => {
  const { pyproject } = project;
  if (hasDev(project) !== false || !runSyncs(call) || !takesDev(call, pyproject)) return false;
  return !pyproject || pyproject.groups.dev?.length > 0;
};
