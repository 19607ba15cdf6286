// @ts-check
import { readProject } from "../project.js";
import { isFrozen, isLocked } from "../uv-calls.js";
import { mentionsLockfile } from "./no-lock-flag.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-out-of-date",
  title: "The lockfile does not match pyproject.toml",
  advice: "Run `uv lock`, and commit uv.lock.",
  severity: "breaks",
  claims: [
    "locked-fails-on-a-new-dependency",
    "frozen-does-not-see-a-new-dependency",
    "with-neither-uv-sync-locks-again",
    "uv-run-locked-fails-before-the-program-starts",
    "a-stale-lockfile-is-not-exported",
    "uv-run-locks-again",
  ],
  noFix: "You have to run `uv lock` on your machine.",
  check: ({ input, uv, stages }) => {
    const { "pyproject.toml": pyproject = "", "uv.lock": lockfile = "" } = input.texts ?? {};
    // The name in a template is a placeholder.
    if (lockfile === "" || /^name\s*=\s*["']\{\{/m.test(pyproject)) return [];
    const reader = uv.find(
      (call) => /^(?:sync|run|export)$/.test(call.name) && !resolves({ stages }, call),
    );
    const { project } = readProject({ "pyproject.toml": pyproject, "uv.lock": lockfile });
    if (!reader || project?.outdated === undefined) return [];
    const message = `${effect(uv, reader)}, because uv.lock is out of date: ${project.outdated}.`;
    const line = lockfile.split("\n").findIndex((each) => /^version\s*=/.test(each)) + 1 || 1;
    return [{ file: "uv.lock", line, lastLine: line, message }];
  },
};

/** @param {UvCall[]} uv @param {UvCall} reader */
const effect = (uv, reader) => {
  const locked = uv.find(isLocked);
  if (locked) return `\`uv ${locked.name}\` stops the build`;
  return isFrozen(reader)
    ? `\`uv ${reader.name}\` installs what was locked earlier`
    : `\`uv ${reader.name}\` locks again in the build`;
};

/**
 * Whether a call makes a lockfile of its own, because the lines above bring none.
 * @param {Pick<CheckedProject, "stages">} project
 * @param {UvCall} call
 */
const resolves = (project, call) =>
  !isLocked(call) &&
  !isFrozen(call) &&
  project.stages.some(({ instructions }) => instructions.some(copiesPyproject)) &&
  !mentionsLockfile(project, call);

/** @param {DockerfileInstruction} instruction */
const copiesPyproject = ({ keyword, words, origin }) =>
  keyword === "COPY" && !origin && words.slice(0, -1).some((word) => /pyproject\.toml$/.test(word));
