// @ts-check
import { baseImage } from "../base-images.js";
import { commandsOf, composeServices } from "../compose-services.js";
import { SYSTEM } from "../environments.js";
import { atCommand, firstOnEachLine } from "../line-edits.js";
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
  check: (project) => [...inImage(project), ...inCompose(project)],
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const inImage = (project) => {
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
};

/**
 * A service can start a program without the `uv run` of the image.
 * @param {CheckedProject} project
 */
const inCompose = (project) => {
  const last = project.installs.findLast(({ ships }) => ships);
  if (!last || isUnclear(project) || isOnPath(project, last.target)) return [];
  return firstOnEachLine(
    composeServices(project).flatMap(({ file, name, node }) =>
      commandsOf(project, { node })
        .filter((each) => isServer(each) || djangoCommand(each) !== undefined)
        .filter((each) => !uvCall(each) && !each.words[0].includes("/"))
        .filter(({ environment }) => isInherited(project, environment))
        .map(({ entry, words }) => ({
          file,
          line: entry.line,
          lastLine: entry.node.lastLine,
          message: `The service \`${name}\` starts \`${words[0]}\`, but the packages are in \`${last.target}\`, which is not on \`PATH\`.`,
        })),
    ),
  );
};

/** @param {CheckedProject} project @param {ReadonlyMap<string, string>} environment */
const isInherited = ({ shipped }, environment) =>
  environment.get("PATH") === shipped.end.environment.get("PATH");

/** Whether other installers, or a script, put programs elsewhere. @param {CheckedProject} project */
const isUnclear = ({ start, installs, shipped, commands, dockerfile }) =>
  start.hiddenScript !== undefined ||
  baseImage(dockerfile, shipped).family === "unknown" ||
  installs.some(({ target }) => target === SYSTEM) ||
  start.commands.some(({ words }) => words.some((word) => /bin\/activate$/.test(word))) ||
  commands.some(
    ({ words }) => /^(?:pip3?|poetry)$/.test(programName(words[0])) && !words.includes("uv"),
  );
