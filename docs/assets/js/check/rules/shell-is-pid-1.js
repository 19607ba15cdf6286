// @ts-check
import { baseImage, isAlpine } from "../base-images.js";
import { at, atCommand, replaceAll } from "../line-edits.js";
import { commands } from "../shell.js";
import { programName, shellScript } from "../shell-commands.js";
import { server, shown } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "shell-is-pid-1",
  title: "The server does not get SIGTERM, because PID 1 is a shell",
  severity: "breaks",
  claims: [
    "with-a-shell-form-cmd-the-server-gets-no-sigterm",
    "exec-in-a-start-script-hands-process-1-to-the-server",
  ],
  check: (project) => {
    const command = server(project);
    if (!command || forwardsSignals(project.start)) return [];
    const shell = shellOf(project, command);
    if (!shell || lastCommand(shell.script)?.startsWith("exec ")) return [];
    return [
      {
        ...shell.mark,
        message: `A shell is PID 1 and does not forward SIGTERM to \`${shown(command)}\`, so \`docker stop\` waits for its timeout and kills the server.`,
        fix: shell.isCommand ? fixed(command.instruction, shell.script) : undefined,
      },
    ];
  },
};

/**
 * Return the script that the shell runs, or undefined if no shell stays PID 1.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 */
const shellOf = (project, command) => {
  const { instruction, file } = command;
  if (file !== undefined) {
    const script = project.input.texts?.[file] ?? "";
    // A script that ends with exec "$@" is followed by CMD, which is not in the script.
    return {
      script,
      mark: atCommand(project, command, command.words.slice(0, 1)[0]),
      isCommand: false,
    };
  }
  const base = baseImage(project.dockerfile, project.shipped);
  if (!instruction.isExec) {
    if (isAlpine(base) || base.family === "unknown" || instruction.shell[0] !== "/bin/sh") {
      return commandCount(instruction.command) > 1
        ? { script: instruction.command, mark: at(instruction), isCommand: true }
        : undefined;
    }
    return { script: instruction.command, mark: at(instruction), isCommand: true };
  }
  const script = shellScript(instruction.words);
  if (script === undefined) return undefined;
  const isDash = !instruction.words.some((word) => programName(word) === "bash");
  const stays =
    commandCount(script) > 1 || (isDash && base.family !== "unknown" && !isAlpine(base));
  return stays ? { script, mark: at(instruction), isCommand: true } : undefined;
};

/** @param {string} script */
const commandCount = (script) => commands(script).length;

/** @param {string} script */
const lastCommand = (script) =>
  script
    .trim()
    .split(/\n|&&|\|\||;/)
    .map((each) => each.trim())
    .findLast((each) => each !== "" && !/^(?:#|fi$|esac$|done$|\}$)/.test(each));

/** dumb-init signals the whole process group, and tini does with -g. @param {ContainerStart} start */
const forwardsSignals = ({ entrypoint, command }) =>
  [entrypoint, command].some((instruction) =>
    /\bdumb-init\b|\btini"?,? "?-g|supervisord|s6-/.test(instruction?.command ?? ""),
  );

/** @param {DockerfileInstruction} instruction @param {string} script */
const fixed = (instruction, script) => {
  if (instruction.lastLine !== instruction.line) return undefined;
  const { keyword } = instruction;
  const parts = script.split("&&").map((each) => each.trim());
  const last = parts.at(-1) ?? "";
  if (/[;|&\n]/.test(last) || /^[A-Za-z_]\w*=/.test(last)) return undefined;
  if (!instruction.isExec && parts.length === 1 && !/[$"'`*?~<>(\\]/.test(last)) {
    return replaceAll(
      instruction,
      `${keyword} ${JSON.stringify(last.split(/\s+/)).replaceAll('","', '", "')}`,
    );
  }
  const withExec = [...parts.slice(0, -1), `exec ${last}`].join(" && ");
  const words = instruction.words.map((word) => (word === script ? withExec : word));
  return replaceAll(
    instruction,
    instruction.isExec
      ? `${keyword} ${JSON.stringify(words).replaceAll('","', '", "')}`
      : `${keyword} ${withExec}`,
  );
};
