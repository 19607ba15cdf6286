// @ts-check

import { atText } from "../line-edits.js";
import { isWithin } from "../paths.js";

const UPDATE = /\bapt(?:-get)?\s+(?:-\S+\s+)*update\b/;
const REMOVES = /rm\s[^;&|]*\/var\/lib\/apt(?:\/lists)?|apt-get\s+distclean/;

/** @type {Rule} */
export const rule = {
  id: "apt-lists-kept",
  title: "The image contains the package lists of apt",
  advice: "Remove `/var/lib/apt/lists/*` in the step that runs `apt-get update`.",
  severity: "untidy",
  claims: ["what-a-later-run-removes-stays-in-the-image"],
  check: (project) =>
    project.image
      .filter(({ keyword, script }) => keyword === "RUN" && UPDATE.test(script))
      .filter(({ script }) => !REMOVES.test(script))
      .filter(({ mounts }) => !mounts.some(coversLists))
      .map((instruction) => ({
        ...atText(project, instruction, UPDATE),
        message: isRemovedLater(project, instruction)
          ? "A later step removes the lists of `apt-get update`, but this step's layer keeps them."
          : "The lists of `apt-get update` stay in the layer.",
        fix: withRemoval(project, instruction),
      })),
};

/** @param {DockerfileMount} mount */
const coversLists = ({ type, target }) =>
  (type === "cache" || type === "tmpfs") && isWithin("/var/lib/apt/lists", target);

/** @param {CheckedProject} project @param {DockerfileInstruction} instruction */
const isRemovedLater = ({ image }, instruction) =>
  image.slice(image.indexOf(instruction) + 1).some(({ script }) => REMOVES.test(script));

/**
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @returns {LineEdit[] | undefined}
 */
const withRemoval = ({ lines }, { line, lastLine, script, isExec, heredocs }) => {
  // The last command can have conditions that must not lead to a removal.
  if (isExec || heredocs.length > 0 || /\|\||;|\bif\b/.test(script)) return undefined;
  const last = lines[lastLine - 1];
  if (/^\s*(?:#|$)/.test(last) || /\\\s*$/.test(last)) return undefined;
  const text = [`${last} \\`, "    && rm -rf /var/lib/apt/lists/*"];
  return line <= lastLine ? [{ line: lastLine, lastLine, text }] : undefined;
};
