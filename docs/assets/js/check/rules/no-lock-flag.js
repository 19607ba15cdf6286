// @ts-check
import { atCommand, replaceIn } from "../line-edits.js";
import { isFrozen, isLocked, runSyncs } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "no-lock-flag",
  title: "The install does not check uv.lock",
  advice: "Pass `--locked`, which fails if the lockfile is out of date.",
  severity: "risky",
  claims: [
    "with-neither-uv-sync-locks-again",
    "with-neither-uv-sync-makes-a-lockfile",
    "a-mounted-lockfile-cannot-be-updated",
  ],
  check: (project) => {
    const calls = project.uv.filter(
      (call) =>
        (call.name === "sync" && !has(call, "--script", "--dry-run")) ||
        (call.name === "run" && runSyncs(call)),
    );
    return calls
      .filter((call, index) => mayChange(call, calls.slice(0, index)))
      .map((call) => findingOf(project, call));
  },
};

/** Whether a call can change what is locked. @param {UvCall} call @param {UvCall[]} above */
const mayChange = (call, above) => {
  if (isLocked(call) || isFrozen(call)) return false;
  // A step above has checked the same files, or has updated them.
  return !above.some((each) => isLocked(each) || (call.name === "run" && !isFrozen(each)));
};

/** @param {CheckedProject} project @param {UvCall} call */
const findingOf = (project, call) => {
  const hasLockfile = mentionsLockfile(project, call);
  const written = new RegExp(`\\buv ${call.name}\\b`);
  return {
    ...atCommand(project, call, new RegExp(`\\buv\\b.*\\b${call.name}\\b`)),
    message: messageOf(call, hasLockfile),
    fix: hasLockfile
      ? replaceIn(project, call.instruction, written, `uv ${call.name} --locked`)
      : undefined,
  };
};

/** @param {UvCall} call @param {boolean} hasLockfile */
const messageOf = ({ instruction }, hasLockfile) => {
  if (!hasLockfile)
    return "No line above copies uv.lock, so this step resolves the newest versions in each build.";
  const isMounted = instruction.mounts.some(
    ({ type, options }) => type === "bind" && /(?:^|\/)uv\.lock$/.test(options.target ?? ""),
  );
  return isMounted
    ? "If uv.lock is out of date, this step fails, but its error does not say why: uv cannot replace the mounted file."
    : "If uv.lock is out of date, this step updates it and installs versions that are not in your repository.";
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
