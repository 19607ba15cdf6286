// @ts-check
import { atCommand } from "../line-edits.js";
import { absolute, isWithin, withoutSlash } from "../paths.js";

/** @type {Rule} */
export const rule = {
  id: "chown-recursive",
  title: "`chown -R` stores files a second time",
  advice:
    "Copy the files with `COPY --chown`, or leave them to root, which only has to be able to read them.",
  severity: "slow",
  claims: ["chown-in-a-run-of-its-own-doubles-the-bytes", "copy-with-chown-has-the-bytes-once"],
  noFix: "The checker cannot tell which files the server has to write to.",
  check: (project) =>
    project.commands.flatMap((command) => {
      const { words, instruction } = command;
      const at = project.image.indexOf(instruction);
      if (words[0] !== "chown" || !words.some(isRecursive) || at < 0) return [];
      const paths = words
        .slice(2)
        .filter((word) => !word.startsWith("-"))
        .map((word) => withoutSlash(absolute(command.workdir, word)));
      const path = paths.find((each) => hasFiles(project, project.image.slice(0, at), each));
      if (path === undefined) return [];
      return [
        {
          ...atCommand(project, command, /\bchown\b/),
          message: `The image contains every file of \`${path}\` twice, because an earlier step put the files there.`,
        },
      ];
    }),
};

/** @param {string} word */
const isRecursive = (word) => /^(?:-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/.test(word);

/**
 * Whether steps above put files into a folder.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction[]} above
 * @param {string} folder
 */
const hasFiles = ({ installs }, above, folder) =>
  above.some((instruction) => {
    const { keyword, workdir, words, flags } = instruction;
    if (keyword === "RUN") {
      return installs.some(
        (call) => call.instruction === instruction && isWithin(call.target, folder),
      );
    }
    if (keyword !== "COPY" && keyword !== "ADD") return false;
    const target = withoutSlash(absolute(workdir, words.at(-1) ?? ""));
    return isWithin(target, folder) && !flags.some(([name]) => name === "chown");
  });
