// @ts-check

import { copyTarget, inContext, shippedCopies } from "../ignored-files.js";
import { addToIgnoreFile, at } from "../line-edits.js";
import { lacksLockfile } from "../missing-lockfile.js";
import { absolute, clean, withoutSlash } from "../paths.js";

/** @type {Rule} */
export const rule = {
  id: "venv-not-ignored",
  title: "Your own .venv replaces the one of the image",
  advice: "Name `.venv` in .dockerignore.",
  severity: "breaks",
  claims: [
    "a-venv-that-dockerignore-does-not-name-is-in-the-image",
    "an-environment-does-not-start-without-its-python",
  ],
  check: (project) => {
    const isCopied = inContext(project);
    const found = shippedCopies(project).flatMap((copy) => {
      const folder = projectFolder(project, copy);
      const path = clean(`${folder}/.venv`);
      if (folder === undefined || !isCopied?.(`${path}/bin/python`)) return [];
      const environment = withoutSlash(absolute(copyTarget(copy), ".venv"));
      const calls = project.installs.filter(
        (call) => call.ships && call.target === environment && !lacksLockfile(project, call),
      );
      // uv replaces an environment whose Python is missing.
      const isReplaced = calls.some(
        ({ name, stage, instruction }) =>
          /^(?:sync|run)$/.test(name) &&
          stage.instructions.includes(copy) &&
          instruction.line > copy.line,
      );
      return calls.length > 0 && !isReplaced ? [{ copy, path, environment }] : [];
    });
    return found.slice(0, 1).map(({ copy, path, environment }) => ({
      ...at(copy),
      message: `.dockerignore does not name \`${path}\`, so this step copies your own \`.venv\` over \`${environment}\`, and no program in it starts.`,
      fix: addToIgnoreFile(project, path),
    }));
  },
};

/**
 * Return the folder of the project that an instruction copies, relative to the build context.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} copy
 */
const projectFolder = ({ input }, { words }) =>
  words
    .slice(0, -1)
    .map(clean)
    .find((folder) => folder === "" || input.files?.[`${folder}/pyproject.toml`] !== undefined);
