// @ts-check
import { atCommand, replaceIn } from "../line-edits.js";
import { isFrozen, isLocked } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "no-lock-flag",
  title: "The build can change the lockfile",
  advice: "Pass `--locked`, which fails if the lockfile is out of date.",
  severity: "risky",
  claims: ["with-neither-uv-sync-locks-again", "with-neither-uv-sync-makes-a-lockfile"],
  check: (project) => {
    const calls = project.uv.filter(
      (call) => call.name === "sync" && !has(call, "--script", "--dry-run"),
    );
    const isChecked = calls.findIndex(isLocked);
    return calls.flatMap((call, index) => {
      if (isLocked(call) || isFrozen(call)) return [];
      // A step above has checked the same files.
      if (isChecked >= 0 && isChecked < index) return [];
      const hasLockfile = mentionsLockfile(project, call);
      return [
        {
          ...atCommand(project, call, /\buv\s.*\bsync\b|\buv sync\b/),
          message: hasLockfile
            ? "If uv.lock is out of date, this step updates it and installs versions that are not in your repository."
            : "No line above copies uv.lock, so this step resolves the newest versions in each build.",
          fix: hasLockfile
            ? replaceIn(project, call.instruction, /\buv sync\b/, "uv sync --locked")
            : undefined,
        },
      ];
    });
  },
};

/**
 * Whether a line above can bring uv.lock.
 * @param {Pick<CheckedProject, "stages">} project
 * @param {UvCall} call
 */
export const mentionsLockfile = ({ stages }, call) =>
  stages.some(({ instructions }) =>
    instructions.some(
      ({ keyword, words, mounts, origin, line }) =>
        line <= call.instruction.line &&
        ((/^(?:COPY|ADD)$/.test(keyword) && !origin && words.slice(0, -1).some(hasLockfile)) ||
          mounts.some(
            ({ type, options }) => type === "bind" && hasLockfile(options.source ?? "."),
          )),
    ),
  );

/** @param {string} source */
const hasLockfile = (source) => /uv\.lock|\*|^\.?\/?$|^\.\/?$/.test(source);
