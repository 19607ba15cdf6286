// @ts-check
import { atCommand } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { isServer, startedProgram } from "../start-commands.js";

const SETTING = /^(?:-[wc]|--(?:workers|threads|config))(?:$|=|\d)/;
const WORKER_CLASS = /^(?:-k|--worker-class)/;

/** @type {Rule} */
export const rule = {
  id: "one-worker",
  title: "gunicorn starts a single worker",
  advice: "Set `--workers` or `--threads`, or the variable `WEB_CONCURRENCY`.",
  severity: "slow",
  claims: ["gunicorn-starts-one-worker-unless-told-otherwise"],
  noFix: "The best number depends on the processors and the memory of your platform.",
  check: (project) => {
    const { start, input } = project;
    // gunicorn also reads gunicorn.conf.py.
    if (project.isDevelopment || input.files === undefined || isSetElsewhere(project)) return [];
    const command = start.commands.find(startsGunicorn);
    if (!command) return [];
    if (startedProgram(command).some((word) => SETTING.test(word))) return [];
    return [
      {
        ...atCommand(project, command, "gunicorn"),
        message: startedProgram(command).some((word) => WORKER_CLASS.test(word))
          ? "Unless `WEB_CONCURRENCY` is set at run time, gunicorn starts a single worker for all requests."
          : "Unless `WEB_CONCURRENCY` is set at run time, gunicorn starts a single worker without threads for all requests.",
      },
    ];
  },
};

/** Whether a command is gunicorn with an application. @param {ShellCommand} command */
const startsGunicorn = (command) => {
  const [program, ...words] = startedProgram(command);
  return (
    isServer(command) &&
    programName(program) === "gunicorn" &&
    words.some((word) => /^[A-Za-z_][\w.]*(?::|$)/.test(word))
  );
};

/** @param {CheckedProject} project */
const isSetElsewhere = ({ input, shipped }) =>
  Object.keys(input.files ?? {}).some((path) => /gunicorn[^/]*\.py$/.test(path)) ||
  ["WEB_CONCURRENCY", "GUNICORN_CMD_ARGS"].some(
    (name) =>
      shipped.end.environment.has(name) ||
      Object.values(input.texts ?? {}).some((text) => text.includes(name)),
  );
