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
  claims: [],
  lacks: "Without settings, gunicorn has one worker, which serves one request at a time.",
  noFix: "The best number depends on the processors and the memory of your platform.",
  check: (project) => {
    const { start, input } = project;
    // gunicorn also reads gunicorn.conf.py.
    if (project.isDevelopment || input.files === undefined || isSetElsewhere(project)) return [];
    const command = start.commands.find(
      (each) => isServer(each) && programName(startedProgram(each)[0]) === "gunicorn",
    );
    // Without the name of the application, the word is not the program.
    if (!command || startedProgram(command).length < 2) return [];
    if (startedProgram(command).some((word) => SETTING.test(word))) return [];
    return [
      {
        ...atCommand(project, command, "gunicorn"),
        message: startedProgram(command).some((word) => WORKER_CLASS.test(word))
          ? "gunicorn starts a single worker, so all requests share one process."
          : "gunicorn starts a single worker without threads, so a slow request holds up all others.",
      },
    ];
  },
};

/** @param {CheckedProject} project */
const isSetElsewhere = ({ input, shipped }) =>
  Object.keys(input.files ?? {}).some((path) => /gunicorn[^/]*\.py$/.test(path)) ||
  ["WEB_CONCURRENCY", "GUNICORN_CMD_ARGS"].some(
    (name) =>
      shipped.end.environment.has(name) ||
      Object.values(input.texts ?? {}).some((text) => text.includes(name)),
  );
