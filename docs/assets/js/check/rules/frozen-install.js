// @ts-check
import { atCommand, replaceIn } from "../line-edits.js";
import { lacksLockfile } from "../missing-lockfile.js";
import { isFrozen, isLocked } from "../uv-calls.js";
import { has } from "../uv-command.js";
import { isMissingFrom } from "./lockfile-ignored.js";

/** @type {Rule} */
export const rule = {
  id: "frozen-install",
  title: "The build does not notice an out-of-date lockfile",
  advice: "Use `--locked`, which fails if the lockfile is out of date.",
  severity: "risky",
  claims: ["frozen-does-not-see-a-new-dependency", "locked-fails-on-a-new-dependency"],
  check: (project) => {
    // One step that checks is enough, as all read the same lockfile.
    if (project.uv.some(isLocked) || isMissingFrom(project.input.files)) return [];
    return project.uv
      .filter((call) => /^(?:sync|run|export)$/.test(call.name) && isFrozen(call))
      .filter((call) => !isForWorkspace(project, call) && !isLockedInBuild(project, call))
      .filter((call) => !lacksLockfile(project, call))
      .slice(0, 1)
      .map((call) => {
        const isFlag = has(call, "--frozen");
        const mark = isFlag ? "--frozen" : new RegExp(`\\buv\\s+${call.name}`);
        const option = isFlag ? "`--frozen`" : "`UV_FROZEN`";
        return {
          ...atCommand(project, call, mark),
          message: `If you add a package to pyproject.toml and forget \`uv lock\`, this step succeeds without the package, because of ${option}.`,
          fix: isFlag ? replaceIn(project, call.instruction, /--frozen\b/, "--locked") : undefined,
        };
      });
  },
};

/** The first layer of a workspace cannot check. @param {CheckedProject} project @param {UvCall} call */
const isForWorkspace = ({ pyproject }, call) =>
  pyproject?.isWorkspace ||
  has(call, "--no-install-workspace", "--no-install-local", "--package", "--all-packages");

/** Whether a step above makes the lockfile. @param {CheckedProject} project @param {UvCall} call */
const isLockedInBuild = ({ uv }, call) =>
  uv.slice(0, uv.indexOf(call)).some(({ name }) => name === "lock");
