// @ts-check
import { commandsOf, composeServices } from "../compose-services.js";
import { firstOnEachLine } from "../line-edits.js";
import { djangoCommand, isServer, startedProgram } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "compose-runserver",
  title: "Compose starts a server for development",
  advice: "Move the line to `compose.override.yaml`, or to another file for development.",
  severity: "risky",
  claims: [],
  lacks: "`docker compose up` starts the command of the compose file, not that of the image.",
  noFix: "The lines have to move to another file.",
  check: (project) =>
    project.isDevelopment
      ? []
      : firstOnEachLine(
          composeServices(project)
            .filter(({ isDevelopment }) => !isDevelopment)
            .flatMap((service) => forDevelopment(project, service)),
        ),
};

/** @param {CheckedProject} project @param {ComposeService} service @returns {RuleFinding[]} */
const forDevelopment = (project, { file, name, ...rest }) =>
  commandsOf(project, { file, name, ...rest }).flatMap((command) => {
    const { line, node } = command.entry;
    const mark = { file, line, lastLine: node.lastLine };
    if (djangoCommand(command) === "runserver") {
      const message = `The service \`${name}\` starts \`runserver\` instead of what the image starts, and the name of the file does not say that it is for development.`;
      return [{ ...mark, message }];
    }
    const reloads = isServer(command) && startedProgram(command).includes("--reload");
    const message = `\`--reload\` restarts the server of \`${name}\` when a file changes, and the name of the file does not say that it is for development.`;
    return reloads ? [{ ...mark, message }] : [];
  });
