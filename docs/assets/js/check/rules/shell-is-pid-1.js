// @ts-check
import { baseImage, isAlpine } from "../base-images.js";
import { inServices } from "../compose-services.js";
import { at, atCommand, execForm, replaceAll } from "../line-edits.js";
import { everyCommand } from "../shell.js";
import { programName, shellScript } from "../shell-commands.js";
import { isServer, server, shown, withoutRun, withoutUvRun } from "../start-commands.js";
import { uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "shell-is-pid-1",
  title: "The server does not get SIGTERM, because PID 1 is a shell",
  advice: "Use the exec form, or put `exec` before the command that starts the server.",
  severity: "breaks",
  claims: [
    "with-a-shell-form-cmd-the-server-gets-no-sigterm",
    "exec-in-a-start-script-hands-process-1-to-the-server",
  ],
  notTried: "An `ENTRYPOINT` in shell form.",
  check: (project) =>
    forwardsSignals(project.start) ? [] : [...inDockerfile(project), ...inComposeFiles(project)],
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const inDockerfile = (project) => {
  const { entrypoint, command: cmd } = project.start;
  if (entrypoint && isShellForm(entrypoint) && cmd?.isExec && !/^exec\s/.test(entrypoint.command)) {
    const message =
      "An ENTRYPOINT in shell form starts everything below a shell, which does not forward SIGTERM, so `docker stop` waits for its timeout and kills the server.";
    return [{ ...at(entrypoint), message }];
  }
  const command = server(project) ?? project.start.commands.find(startsOthers);
  const shell = command && shellOf(project, command);
  if (!shell || command.replacesShell) return [];
  const fix = command.file === undefined ? fixed(project, command, shell.script) : undefined;
  return [{ ...shell.mark, message: message(command), fix }];
};

/** Whether a command starts the programs that a Procfile lists. @param {ShellCommand} command */
const startsOthers = ({ words }) => /^(?:hivemind|honcho|overmind)$/.test(programName(words[0]));

/** @param {CheckedProject} project */
const inComposeFiles = (project) =>
  inServices(
    project,
    (command, _, { length }) => isServer(command) && !command.replacesShell && length > 1,
    message,
  );

/** @param {ShellCommand} command */
const message = (command) =>
  `A shell is PID 1 and does not forward SIGTERM to \`${shown(command)}\`, so \`docker stop\` waits for its timeout and kills the server.`;

/** @param {DockerfileInstruction} instruction */
const isShellForm = ({ isExec, shell }) => !isExec && shell[0] === "/bin/sh";

/**
 * Return the script that the shell runs, or undefined if no shell stays PID 1.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 */
const shellOf = (project, command) => {
  const { instruction, file } = command;
  if (file !== undefined) {
    const script = project.input.texts?.[file] ?? "";
    return { script, mark: atCommand(project, command, command.words[0]) };
  }
  const script = instruction.isExec ? shellScript(instruction.words) : instruction.command;
  if (script === undefined) return undefined;
  // bash, and the sh of Alpine, replace themselves by a single command.
  const stays = everyCommand(script).length > 1 || isDash(project, instruction);
  return stays ? { script, mark: at(instruction) } : undefined;
};

/** @param {CheckedProject} project @param {DockerfileInstruction} instruction */
const isDash = ({ dockerfile, shipped }, instruction) => {
  const base = baseImage(dockerfile, shipped);
  if (/^(?:unknown|redhat)$/.test(base.family) || isAlpine(base)) return false;
  return instruction.isExec
    ? !instruction.words.some((word) => programName(word) === "bash")
    : isShellForm(instruction);
};

/** dumb-init signals the whole process group, and tini does with -g. @param {ContainerStart} start */
const forwardsSignals = ({ entrypoint, command }) =>
  [entrypoint, command].some((instruction) =>
    /\bdumb-init\b|\btini"?,? "?-g|supervisord|s6-/.test(instruction?.command ?? ""),
  );

/**
 * Start the server without a shell, or instead of it, and without uv if that is possible.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 * @param {string} script
 * @returns {LineEdit[] | undefined}
 */
const fixed = (project, command, script) => {
  const { instruction } = command;
  const withoutUv = uvCall(command) && withoutUvRun(project, command);
  const edits = withExec(instruction, script, withoutUv ? withoutRun(script) : script);
  // Apart from the command, the edits put the environment on PATH.
  const path = withoutUv?.filter(({ line, lastLine }) => lastLine < line) ?? [];
  return edits && [...path, ...edits];
};

/** @param {DockerfileInstruction} instruction @param {string} script @param {string} changed */
const withExec = (instruction, script, changed) => {
  if (instruction.lastLine !== instruction.line) return undefined;
  const { keyword } = instruction;
  const parts = changed.split("&&").map((each) => each.trim());
  const last = parts.at(-1) ?? "";
  if (/[;|&\n]/.test(last) || /^[A-Za-z_]\w*=/.test(last)) return undefined;
  if (!instruction.isExec && parts.length === 1 && !/[$"'`*?~<>(\\]/.test(last)) {
    return replaceAll(instruction, `${keyword} ${execForm(last.split(/\s+/))}`);
  }
  const replaced = [...parts.slice(0, -1), `exec ${last}`].join(" && ");
  const words = instruction.words.map((word) => (word === script ? replaced : word));
  return replaceAll(
    instruction,
    instruction.isExec ? `${keyword} ${execForm(words)}` : `${keyword} ${replaced}`,
  );
};
