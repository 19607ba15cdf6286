// @ts-check
import { atCommand } from "../line-edits.js";
import { isFrozen, isLocked } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-changed-in-build",
  title: "The build decides which versions to install",
  advice:
    "Run `uv lock` on your machine, commit `uv.lock`, and use `uv sync --locked` in the build.",
  severity: "risky",
  claims: ["what-a-command-would-give-today-is-not-seen"],
  noFix: "You have to run `uv lock` on your machine first.",
  check: (project) =>
    project.uv
      .filter((call) => !isLocked(call) && !isFrozen(call) && changesLockfile(call))
      .map((call) => ({
        ...atCommand(project, call, new RegExp(`\\buv\\s.*\\b${call.name}\\b`)),
        message: `\`uv ${call.name}\` picks versions in the build, so two builds of one commit can differ, and a cached step keeps old ones.`,
      })),
};

/** @param {UvCall} call */
const changesLockfile = (call) => {
  if (call.name === "lock") return !has(call, "--dry-run", "--help");
  if (call.name === "add" || call.name === "remove") return !has(call, "--script");
  return call.name === "sync" && has(call, "--upgrade", "--upgrade-package");
};
