// @ts-check
// Which files of the project `COPY . .` takes.

import { matcher, patterns } from "./dockerignore.js";

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
export const copyOfEverything = ({ image }) =>
  image.find(
    ({ keyword, origin, words }) =>
      keyword === "COPY" &&
      !origin &&
      words.slice(0, -1).some((word) => /^(?:\.|\.\/)$/.test(word)),
  );
