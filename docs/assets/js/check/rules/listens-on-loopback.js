// @ts-check
import { atCommand } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { djangoCommand, server, startedProgram } from "../start-commands.js";

const SERVER = /^(?:daphne|granian|gunicorn|hypercorn|uvicorn)$/;
// The options and variables with which these servers get an address, or a file that can have one.
const ADDRESS =
  /^(?:-[bceu]|--(?:bind|config|endpoint|fd|host|uds|unix-socket))|^(?:PORT|GUNICORN_CMD_ARGS|(?:GRANIAN|UVICORN)_(?:FD|HOST|UDS))$/;

/** @type {Rule} */
export const rule = {
  id: "listens-on-loopback",
  title: "The server accepts no request from outside the container",
  advice: "Pass an address such as `0.0.0.0:8000`.",
  severity: "breaks",
  claims: ["servers-listen-on-the-loopback-address-unless-told-otherwise"],
  notTried: "daphne, granian, hypercorn and `runserver`.",
  noFix: "The checker cannot tell which port you publish.",
  check: (project) => {
    const command = server(project);
    if (!command || command.isConditional || project.isDevelopment) return [];
    if (hasAddress(project, command)) return [];
    const name = djangoCommand(command) ?? programName(startedProgram(command)[0]);
    const message = `\`${name}\` listens on 127.0.0.1, because nothing names another address, so published ports do not reach it.`;
    return [{ ...atCommand(project, command, name), message }];
  },
};

/** @param {CheckedProject} project @param {ShellCommand} command */
const hasAddress = (project, command) => {
  const { start, input } = project;
  const [program, ...words] = startedProgram(command);
  // The instruction can name arguments of the script.
  const isUnclear = words.some((word) => word.includes("$") && (word !== "$@" || start.command));
  const isBehindProxy = start.commands.some((each) => programName(each.words[0]) === "nginx");
  if (isUnclear || isBehindProxy) return true;
  if (djangoCommand(command) === "runserver") {
    return words.slice(words.indexOf("runserver") + 1).some((word) => /^[^-]/.test(word));
  }
  const variables = [...command.environment.keys(), ...namesIn(input)];
  return (
    !SERVER.test(programName(program)) ||
    [...words, ...variables].some((word) => ADDRESS.test(word))
  );
};

/** Return what other files can set. gunicorn also reads gunicorn.conf.py. @param {CheckInput} input */
const namesIn = ({ files, texts = {} }) => {
  const isConfigured = Object.keys(files ?? {}).some((path) => /gunicorn[^/]*\.py$/.test(path));
  const all = Object.values(texts).flatMap((text) => text.match(/\b[A-Z_]+\b(?=\s*[:=])/g) ?? []);
  return files === undefined || isConfigured ? [...all, "-c"] : all;
};
