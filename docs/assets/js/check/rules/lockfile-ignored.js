// @ts-check
import { inContext } from "../ignored-files.js";
import { addToIgnoreFile, atCommand, atText, IGNORE_FILE } from "../line-edits.js";
import { lacksLockfile } from "../missing-lockfile.js";
import { isFrozen, isLocked } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-ignored",
  title: "The build does not get uv.lock",
  advice: "Run `uv lock`, commit `uv.lock`, and let .dockerignore include it.",
  severity: "breaks",
  claims: ["a-lockfile-in-dockerignore-is-not-found", "without-a-lockfile-both-flags-fail"],
  check: (project) => [...withoutLockfile(project), ...withIgnoredLockfile(project)],
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const withoutLockfile = (project) =>
  project.uv
    .filter((call) => lacksLockfile(project, call))
    .slice(0, 1)
    .map((call) => ({
      ...atCommand(project, call, /\buv\s+sync\b/),
      message: "No line above copies uv.lock, so `uv sync` fails here.",
    }));

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const withIgnoredLockfile = (project) => {
  const isCopied = inContext(project);
  if (!isCopied) return [];
  const { files } = project.input;
  // A lockfile in another folder can be in the build context's root.
  const isMissing = isMissingFrom(files);
  if (isCopied("uv.lock") && !isMissing) return [];
  const optional = isMissing ? withOptionalLockfile(project) : undefined;
  if (optional) return [optional];
  return project.stages
    .flatMap(({ instructions }) => instructions)
    .filter(namesLockfile)
    .slice(0, 1)
    .map((instruction) => ({
      ...atText(project, instruction, "uv.lock"),
      fix: isMissing ? undefined : included(project),
      message: isMissing
        ? "The folder has no uv.lock, so the build fails here."
        : '.dockerignore excludes uv.lock, so the build fails here with `"/uv.lock": not found`.',
    }));
};

/** Whether the files are known, and no lockfile is among them. @param {CheckInput["files"]} files */
export const isMissingFrom = (files) =>
  files !== undefined && !Object.keys(files).some((path) => /(?:^|\/)uv\.lock$/.test(path));

/**
 * Mark the install that fails, although a line above copies the lockfile only if it exists.
 * @param {CheckedProject} project
 */
const withOptionalLockfile = (project) => {
  const isOptional = project.stages.some(({ instructions }) =>
    instructions.some(
      ({ keyword, words }) => keyword === "COPY" && words.slice(0, -1).some(isOptionalLockfile),
    ),
  );
  const call = project.uv.find(
    (each) => each.name === "sync" && (isLocked(each) || isFrozen(each)),
  );
  const message = "The folder has no uv.lock, so `uv sync` fails here.";
  return isOptional && call && { ...atCommand(project, call, /\buv\s+sync\b/), message };
};

/** @param {string} source */
export const isOptionalLockfile = (source) => /(?:^|\/)uv\.(?:loc\[k\]|lock?\*|\*)$/.test(source);

/** @param {DockerfileInstruction} instruction */
const namesLockfile = ({ keyword, origin, words, mounts }) =>
  (keyword === "COPY" &&
    !origin &&
    words.slice(0, -1).some((word) => /^(?:\.?\/)?uv\.lock$/.test(word))) ||
  mounts.some(
    ({ type, options, origin: from }) => type === "bind" && !from && options.source === "uv.lock",
  );

/**
 * Remove the line that excludes the lockfile alone, or add an exception.
 * @param {CheckedProject} project
 * @returns {LineEdit[]}
 */
const included = (project) => {
  const lines = (project.input.dockerignore ?? "").split(/\r?\n/);
  const line = lines.findLastIndex((each) => /^\s*\/?uv\.lock\s*$/.test(each)) + 1;
  return line > 0
    ? [{ file: IGNORE_FILE, line, lastLine: line, text: [] }]
    : addToIgnoreFile(project, "!uv.lock");
};
