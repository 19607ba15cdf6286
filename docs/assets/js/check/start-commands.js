// @ts-check
// The programs that a container starts.

import { SYSTEM } from "./environments.js";
import { changesTo, fileLines, insertAbove, isComment } from "./line-edits.js";
import { programName } from "./shell-commands.js";
import { uvCall } from "./uv-calls.js";

const SERVERS = new Set(
  ["gunicorn uvicorn daphne hypercorn granian uwsgi waitress-serve"].flatMap((line) =>
    line.split(" "),
  ),
);

// Options of `uv run` without a meaning if uv does not run.
const REDUNDANT = new Set(
  ["--locked --frozen --no-sync --no-dev --no-default-groups --no-cache"].flatMap((line) =>
    line.split(" "),
  ),
);

/**
 * Return the words of the program that a command starts, without `uv run` and `python -m`.
 * @param {ShellCommand} command
 * @returns {string[]}
 */
export const startedProgram = (command) => {
  const call = uvCall(command);
  if (call) return call.name === "run" ? pythonModule(call.operands) : command.words;
  const { words } = command;
  const isRunner = /^(?:poetry|pipenv|pdm)$/.test(programName(words[0])) && words[1] === "run";
  return pythonModule(isRunner ? words.slice(2) : words);
};

/** @param {string[]} words */
const pythonModule = (words) => {
  if (!/^python[\d.]*$/.test(programName(words[0]))) return words;
  const module = words.indexOf("-m");
  return module > 0 && module < 4 ? words.slice(module + 1) : words;
};

/**
 * Return the name of a Django command, such as "migrate", or undefined.
 * @param {ShellCommand} command
 */
export const djangoCommand = (command) => {
  const words = startedProgram(command);
  // Some projects name their scripts after the commands.
  if (uvCall(command) && /^(?:migrate|collectstatic)$/.test(words[0] ?? "")) return words[0];
  const at = words.findIndex((word) =>
    /^(?:.*\/)?manage(?:\.py)?$|^django-admin$|^django$/.test(word),
  );
  return at >= 0 && at < 5 ? words.slice(at + 1).find((word) => !word.startsWith("-")) : undefined;
};

/** @param {ShellCommand} command */
export const isServer = (command) => {
  const [program, ...words] = startedProgram(command);
  const isQuestion = words.some((word) => /^--(?:version|help|check-config)$/.test(word));
  return SERVERS.has(programName(program)) && !isQuestion;
};

/**
 * Return the command that starts the server.
 * @param {CheckedProject} project
 */
export const server = ({ start }) =>
  start.commands.find(isServer) ??
  start.commands.find((command) => djangoCommand(command) === "runserver");

/**
 * Return all words that the container starts, such as "gunicorn shop.wsgi".
 * @param {ShellCommand} command
 */
export const shown = ({ words }) => {
  const text = words.join(" ");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/**
 * Return whether the programs of an environment may be on PATH when the container starts.
 * @param {CheckedProject} project
 * @param {string} environment
 */
export const isOnPath = ({ shipped }, environment) => {
  const folders = (shipped.end.environment.get("PATH") ?? "")
    .split(":")
    .map((folder) => folder.replace(/\/+/g, "/").replace(/\/$/, ""));
  // A folder with unknown variables, or a relative one, can be the one.
  return folders.some(
    (folder) => folder === `${environment}/bin` || /^\.?venv|\$\{?(?!PATH\b)\w/.test(folder),
  );
};

/**
 * Put the programs of an environment on PATH, above the instruction that starts one of them. Return
 * undefined if a line below sets PATH anew.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {string} environment
 * @returns {LineEdit[] | undefined}
 */
export const withPath = (project, instruction, environment) => {
  if (environment === SYSTEM || isOnPath(project, environment)) return [];
  const isSetBelow = project.image.some(
    ({ line, assignments }) =>
      line > instruction.line && assignments.some(([name]) => name === "PATH"),
  );
  return isSetBelow
    ? undefined
    : insertAbove(project, instruction, `ENV PATH="${environment}/bin:$PATH"`);
};

/**
 * Start the programs of every `uv run` in the instruction or script of a command from the
 * environment that the build has made. Return undefined if one depends on anything else that uv does.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 * @returns {LineEdit[] | undefined}
 */
export const withoutUvRun = (project, { instruction, file }) => {
  const sync = project.installs.findLast(({ name, ships }) => name === "sync" && ships);
  const calls = project.start.commands
    .filter((each) => each.instruction === instruction && each.file === file)
    .flatMap((each) => uvCall(each) ?? []);
  if (!sync || !calls.every(isReplaceable)) return undefined;
  const path = withPath(project, instruction, sync.target);
  const lines = fileLines(project, file);
  const { line, lastLine } = file === undefined ? instruction : { line: 1, lastLine: lines.length };
  const changed = lines.map((text, index) =>
    index + 1 < line || index + 1 > lastLine ? text : withoutRun(text),
  );
  const edits = changesTo(lines, changed, file);
  const isWhole = changed
    .slice(line - 1, lastLine)
    .every((text) => isComment(text) || !/\buv\b.*\brun\b/.test(text));
  return path && isWhole && edits.length > 0 ? [...path, ...edits] : undefined;
};

/** uv runs a file with Python, which can also name its packages. @param {UvCall} call */
const isReplaceable = ({ name, options, operands: [program = ".py"] }) =>
  name === "run" &&
  options.every((option) => REDUNDANT.has(option.name)) &&
  (!program.endsWith(".py") || /^(?:\.\/)?manage\.py$/.test(program));

/** @param {string} text */
export const withoutRun = (text) =>
  text
    .replace(/"uv"\s*,\s*"run"\s*,\s*(?:"--[\w-]+"\s*,\s*)*("[^"]*manage\.py")?/g, (_, file) =>
      file ? `"python", ${file}` : "",
    )
    .replace(/\buv run (?:--[\w-]+ +)*((?:\.\/)?manage\.py\b)?/g, (_, file) =>
      file ? `python ${file}` : "",
    );
