// @ts-check
import { baseImage } from "../base-images.js";
import { SYSTEM } from "../environments.js";
import { atCommand } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { djangoCommand, isOnPath, isServer, withPath } from "../start-commands.js";
import { uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "program-not-on-path",
  title: "The container starts a program that is not on PATH",
  advice: "Put the environment's `bin` folder on `PATH`.",
  severity: "breaks",
  claims: ["without-the-environment-on-path-the-server-is-not-found"],
  check: (project) => {
    const last = project.installs.findLast(({ ships }) => ships);
    const command = project.start.commands.find(
      (each) => isServer(each) || /^(?:migrate|runserver)$/.test(djangoCommand(each) ?? ""),
    );
    if (!last || !command || uvCall(command) || isUnclear(project)) return [];
    const [program] = command.words;
    if (program.includes("/") || isOnPath(project, last.target)) return [];
    return [
      {
        ...atCommand(project, command, program),
        message: `\`${program}\` and its packages are in \`${last.target}\`, which is not on \`PATH\`, so the container does not start.`,
        fix: withPath(project, command.instruction, last.target),
      },
    ];
  },
};

/** Whether other installers, or a script, put programs elsewhere. @param {CheckedProject} project */
const isUnclear = ({ start, installs, shipped, commands, dockerfile }) =>
  start.hiddenScript !== undefined ||
  baseImage(dockerfile, shipped).family === "unknown" ||
  installs.some(({ target }) => target === SYSTEM) ||
  start.commands.some(({ words }) => words.some((word) => /bin\/activate$/.test(word))) ||
  commands.some(
    ({ words }) => /^(?:pip3?|poetry)$/.test(programName(words[0])) && !words.includes("uv"),
  );
