// @ts-check
// The simple commands of RUN instructions and start scripts, with the variables that they see.

import { absolute, withoutSlash } from "./paths.js";
import { everyCommand, readWords } from "./shell.js";
import { expand } from "./words.js";

const SHELLS = new Set(["sh", "bash", "dash", "ash"]);
// These words come before the program.
const PREFIXES = new Set(
  [
    "! { ( if then else elif do while until time exec sudo nohup env command",
    "tini dumb-init",
  ].flatMap((line) => line.split(" ")),
);

const OPENING = new Set(["if", "case", "for", "while", "until"]);
const CLOSING = new Set(["fi", "esac", "done"]);

/**
 * Return the name of a program without its folder.
 * @param {string} [word]
 */
export const programName = (word = "") => word.split("/").at(-1) ?? "";

/**
 * Return the commands of a RUN instruction.
 * @param {DockerfileStage} stage
 * @param {DockerfileInstruction} instruction
 */
export const runCommands = (stage, instruction) =>
  instruction.isExec
    ? execCommands(stage, instruction, instruction.words)
    : scriptCommands(stage, instruction, instruction.script);

/**
 * Return the commands of an exec form, which can start a shell.
 * @param {DockerfileStage} stage
 * @param {DockerfileInstruction} instruction
 * @param {string[]} words
 * @returns {ShellCommand[]}
 */
export const execCommands = (stage, instruction, words) => {
  const script = shellScript(words);
  if (script !== undefined) return scriptCommands(stage, instruction, script);
  const { environment, workdir } = instruction;
  const program = withoutPrefixes(words);
  const isAlone = { replacesShell: true, isConditional: false };
  return program.length === 0
    ? []
    : [{ words: program, environment, workdir, instruction, stage, ...isAlone }];
};

/**
 * Return the script that `sh -c` gets, or undefined if the words do not start a shell.
 * @param {string[]} words
 */
export const shellScript = (words) => {
  const start = words.findIndex((word) => SHELLS.has(programName(word)));
  if (start < 0 || start > 3) return undefined;
  const flag = words.findIndex((word, index) => index > start && /^-[a-z]*c$/.test(word));
  return flag < 0 ? undefined : words[flag + 1];
};

/**
 * Return the commands of a script.
 * @param {DockerfileStage} stage
 * @param {DockerfileInstruction} instruction
 * @param {string} script
 * @returns {ShellCommand[]}
 */
export const scriptCommands = (stage, instruction, script) => {
  /** The state of the shell, which commands change. */
  const shell = { environment: new Map(instruction.environment), workdir: instruction.workdir };
  let depth = 0;
  return everyCommand(script).flatMap((list) => {
    const isConditional = depth > 0;
    depth += OPENING.has(list[0]) ? 1 : CLOSING.has(list[0]) ? -1 : 0;
    const { words: written, variables } = readWords(withoutPrefixes(list));
    const environment = new Map([...shell.environment, ...variables]);
    const words = withoutPrefixes(written).map((word) => expanded(word, environment));
    if (changesShell(shell, words, variables)) return [];
    const { workdir } = shell;
    const inner = shellScript(words);
    if (inner !== undefined) {
      return scriptCommands(stage, { ...instruction, environment, workdir }, inner);
    }
    const replacesShell = list.slice(0, list.indexOf(words[0])).includes("exec");
    return [{ words, environment, workdir, instruction, stage, replacesShell, isConditional }];
  });
};

/**
 * Carry out what changes the shell alone, and return whether the command does that.
 * @param {{ environment: Map<string, string>, workdir: string }} shell
 * @param {string[]} words
 * @param {ReadonlyMap<string, string>} variables
 */
const changesShell = (shell, [program, ...words], variables) => {
  if (program === undefined) {
    for (const [name, value] of variables) shell.environment.set(name, value);
  } else if (program === "export") {
    for (const word of words) setVariable(shell.environment, word);
  } else if (program === "cd") {
    shell.workdir = withoutSlash(absolute(shell.workdir, words[0] ?? "."));
  } else {
    activate(shell, program, words[0] ?? "");
    return false;
  }
  return true;
};

/**
 * Carry out the script that activates a virtual environment.
 * @param {{ environment: Map<string, string>, workdir: string }} shell
 * @param {string} program
 * @param {string} script
 */
const activate = ({ environment, workdir }, program, script) => {
  const [, folder] = /^([^$]+)\/bin\/activate$/.exec(script) ?? [];
  if (folder === undefined || !/^(?:\.|source)$/.test(program)) return;
  const path = absolute(workdir, folder);
  environment.set("VIRTUAL_ENV", path);
  environment.set("PATH", `${path}/bin:${environment.get("PATH") ?? "$PATH"}`);
};

/** @param {string[]} words */
const withoutPrefixes = (words) => {
  let start = 0;
  while (start < words.length && isPrefix(words, start)) start += 1;
  return words.slice(start);
};

/** @param {string[]} words @param {number} at @returns {boolean} */
const isPrefix = (words, at) =>
  PREFIXES.has(programName(words[at])) ||
  // The pattern of a case, and the name of a function.
  /^[^($]+\)$|^\w+\(\)$/.test(words[at]) ||
  (words[at] === "--" || words[at] === "-g" ? at > 0 && isPrefix(words, at - 1) : false);

/** @param {Map<string, string>} environment @param {string} assignment */
const setVariable = (environment, assignment) => {
  const [name, value] = assignment.split(/=(.*)/s);
  if (value !== undefined) environment.set(name, value);
};

/** @param {string} word @param {ReadonlyMap<string, string>} environment */
const expanded = (word, environment) => {
  if (!word.includes("$")) return word;
  try {
    return expand(word, environment, { keepsQuotes: true });
  } catch {
    return word;
  }
};

/**
 * Return the script of the project that a command runs, such as `./install.sh`.
 * @param {string[]} words
 */
export const calledScript = ([first = "", second = ""]) => {
  if (first.endsWith(".sh") || OWN_PROGRAM.test(first)) return first;
  return SHELLS.has(programName(first)) && second.endsWith(".sh") ? second : undefined;
};

// A relative path, apart from those of Django and of an environment.
const OWN_PROGRAM = /^(?!(?:\.\/)?(?:\.?venv|node_modules)\/|.*manage\.py$)[\w.-]+\/[^$]+$/;
