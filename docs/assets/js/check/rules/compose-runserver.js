// @ts-check
import { commandsOf, inProduction, markOf } from "../compose-services.js";
import { djangoCommand, isServer, startedProgram } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "compose-runserver",
  title: "Compose starts a server for development",
  advice: "Move the line to `compose.override.yaml`, or to another file for development.",
  severity: "risky",
  claims: ["a-command-in-compose-replaces-that-of-the-image"],
  noFix: "The lines have to move to another file.",
  check: (project) =>
    inProduction(project, (service) =>
      commandsOf(project, service).flatMap((command) => {
        const message = startMessage(service, command);
        return message ? [{ ...markOf(service, command), message }] : [];
      }),
    ),
};

/** @param {ComposeService} service @param {ShellCommand} command */
const startMessage = ({ name }, command) => {
  const why = "and the name of the file does not say that it is for development.";
  if (djangoCommand(command) === "runserver") {
    return `The service \`${name}\` starts \`runserver\`, ${why}`;
  }
  return isServer(command) && startedProgram(command).includes("--reload")
    ? `\`--reload\` restarts the server of \`${name}\` when a file changes, ${why}`
    : undefined;
};
