// @ts-check
import { inContext } from "../ignored-files.js";
import { atText } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-ignored",
  title: "The build does not get uv.lock",
  advice: "Commit `uv.lock`, and let .dockerignore include it.",
  severity: "breaks",
  claims: ["without-a-lockfile-both-flags-fail"],
  lacks: 'If .dockerignore excludes uv.lock, `COPY uv.lock` fails with `"/uv.lock": not found`.',
  check: (project) => {
    const isCopied = inContext(project);
    if (!isCopied) return [];
    const { files } = project.input;
    // A lockfile in another folder can be in the build context's root.
    const isMissing =
      files !== undefined && !Object.keys(files).some((path) => /(?:^|\/)uv\.lock$/.test(path));
    if (isCopied("uv.lock") && !isMissing) return [];
    return project.stages
      .flatMap(({ instructions }) => instructions)
      .filter(namesLockfile)
      .slice(0, 1)
      .map((instruction) => ({
        ...atText(project, instruction, "uv.lock"),
        message: isMissing
          ? "The folder has no uv.lock, so the build fails here."
          : '.dockerignore excludes uv.lock, so the build fails here with `"/uv.lock": not found`.',
      }));
  },
};

/** @param {DockerfileInstruction} instruction */
const namesLockfile = ({ keyword, origin, words, mounts }) =>
  (keyword === "COPY" &&
    !origin &&
    words.slice(0, -1).some((word) => /^(?:\.?\/)?uv\.lock$/.test(word))) ||
  mounts.some(
    ({ type, options, origin: from }) => type === "bind" && !from && options.source === "uv.lock",
  );
