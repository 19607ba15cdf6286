// @ts-check
// Which files of the project `COPY . .` takes.

import { isShipped } from "./checked-project.js";
import { matcher, patterns } from "./dockerignore.js";
import { absolute, withoutSlash } from "./paths.js";

/**
 * Return a function that says whether the build context has a path. Return undefined if the
 * project's folder and .dockerignore are unknown.
 * @param {CheckedProject} project
 */
export const inContext = ({ input }) => {
  if (input.files === undefined && input.dockerignore === undefined) return undefined;
  const isIgnored = matcher(patterns(input.dockerignore ?? ""));
  /** @param {string} path */
  return (path) => !isIgnored(path);
};

/**
 * Return the instruction that copies the whole context into the shipped image, or into a stage that
 * the image copies everything from.
 * @param {CheckedProject} project
 */
export const copyOfEverything = (project) =>
  shippedCopies(project).find(({ words }) =>
    words.slice(0, -1).some((word) => /^(?:\.|\.\/)$/.test(word)),
  );

/**
 * Return the instructions that copy files of the build context which are in the shipped image.
 * @param {CheckedProject} project
 */
export const shippedCopies = ({ dockerfile, shipped, stages }) =>
  stages.flatMap((stage) =>
    stage.instructions.filter(
      (instruction) =>
        /^(?:COPY|ADD)$/.test(instruction.keyword) &&
        !instruction.origin &&
        isShipped(dockerfile, shipped, stage, copyTarget(instruction)),
    ),
  );

/** Return the folder that an instruction copies into. @param {DockerfileInstruction} instruction */
export const copyTarget = ({ workdir, words }) =>
  withoutSlash(absolute(workdir, words.at(-1) ?? ""));
