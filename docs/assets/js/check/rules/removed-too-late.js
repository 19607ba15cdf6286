// @ts-check
import { atCommand } from "../line-edits.js";
import { absolute, isWithin, withoutSlash } from "../paths.js";
import { uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "removed-too-late",
  title: "A step removes files that stay in a layer above",
  advice: "Remove the files in the step that makes them, or do not copy them.",
  severity: "untidy",
  claims: ["what-a-later-run-removes-stays-in-the-image"],
  noFix: "The checker cannot tell which steps still need the files.",
  check: (project) =>
    project.commands.flatMap((command) => {
      const { instruction } = command;
      const at = project.image.indexOf(instruction);
      if (at < 0) return [];
      const path = removedPath(project, command, at);
      if (path === undefined) return [];
      const message = `\`${path}\` is in a layer above, so the image stays as large as it was.`;
      return [{ ...atCommand(project, command, /\b(?:rm|clean)\b/), message }];
    }),
};

/**
 * Return the path that a command removes, if a step above made it.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 * @param {number} at
 */
const removedPath = (project, command, at) => {
  const { image, installs } = project;
  const above = image.slice(0, at);
  const call = uvCall(command);
  if (call?.name === "cache clean") {
    const isOwnStep = !installs.some((each) => each.instruction === command.instruction);
    const isCached = installs.some(
      (each) => above.includes(each.instruction) && each.instruction.mounts.length === 0,
    );
    return isOwnStep && isCached ? "uv's cache" : undefined;
  }
  if (command.words[0] !== "rm") return undefined;
  return command.words
    .slice(1)
    .filter((word) => !word.startsWith("-"))
    .map((word) => withoutSlash(absolute(command.workdir, word)))
    .find((path) => above.some((instruction) => copiesTo(instruction, path)));
};

/** @param {DockerfileInstruction} instruction @param {string} path */
const copiesTo = ({ keyword, words, workdir, flags }, path) => {
  if (keyword !== "COPY" && keyword !== "ADD") return false;
  const target = absolute(workdir, words.at(-1) ?? "");
  const [source = ""] = words;
  // Names of files in a folder are known, and so is a folder that is copied whole.
  const file = target.endsWith("/") ? `${target}${source.split("/").at(-1)}` : target;
  return flags.every(([name]) => name !== "exclude") && isWithin(withoutSlash(file), path);
};
