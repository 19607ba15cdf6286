// @ts-check
import { atCommand } from "../line-edits.js";
import { djangoCommand } from "../start-commands.js";

const STOPS = /^\s*set\s+(?:-[a-z]*e|-o\s+errexit)|^#!.*\s-[a-z]*e/m;

/** @type {Rule} */
export const rule = {
  id: "start-script-goes-on",
  title: "The start script continues after a step that fails",
  advice: "Add `set -e` to the start script.",
  severity: "risky",
  claims: ["without-set-e-a-start-script-goes-on-after-an-error"],
  check: (project) => {
    if (project.isDevelopment) return [];
    const { commands } = project.start;
    const command = commands.slice(0, -1).find((each) => isStep(project, each));
    if (command?.file === undefined) return [];
    const { file } = command;
    const hasShebang = /^#!/.test(project.input.texts?.[file] ?? "");
    const line = hasShebang ? 2 : 1;
    return [
      {
        ...atCommand(project, command, /manage\.py/),
        message: `If \`${djangoCommand(command)}\` fails, the script continues and starts the server.`,
        fix: [{ file, line, lastLine: line - 1, text: ["set -e"] }],
      },
    ];
  },
};

/** Whether a script runs a command of Django by itself. @param {CheckedProject} project @param {ShellCommand} command */
const isStep = (project, command) => {
  if (command.file === undefined || command.isConditional) return false;
  const name = djangoCommand(command) ?? "";
  if (!/^(?:migrate|collectstatic|compilemessages)$/.test(name)) return false;
  const text = project.input.texts?.[command.file] ?? "";
  // The operators decide what happens after a failure.
  const isJoined = text.split("\n").some((line) => line.includes(name) && /&&|\|\|/.test(line));
  return !STOPS.test(text) && !isJoined;
};
