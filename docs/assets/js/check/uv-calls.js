// @ts-check
// Calls of uv: their options, the packages they leave out, and where they install.

import { environmentOf } from "./environments.js";
import { absolute, withoutSlash } from "./paths.js";
import { chooseExtras, chooseGroups, includes, isChosen, syncsBeforeRun } from "./selection.js";
import { has, values } from "./uv-command.js";
import { isSet } from "./variables.js";

const INSTALLS = new Set(["sync", "run", "pip install", "pip sync"]);

/**
 * Return a command with its options if the program is uv.
 * @param {ShellCommand} command
 * @returns {UvCall | undefined}
 */
export const uvCall = (command) => command.uv && { ...command, ...command.uv };

/**
 * Return the variables that a command sees. One whose value is unknown counts as switched on.
 * @param {Pick<ShellCommand, "environment">} command
 */
const variablesOf = ({ environment }) =>
  Object.fromEntries(
    [...environment].map(([name, value]) => [name, value.includes("$") ? "1" : value]),
  );

/**
 * Return whether a variable switches something on.
 * @param {Pick<ShellCommand, "environment">} command
 * @param {string[]} names
 */
export const isOn = (command, ...names) => {
  const variables = variablesOf(command);
  return names.some((name) => isSet(variables, name));
};

/** @param {UvCall} call */
export const isLocked = (call) =>
  has(call, "--check") || isChosen(call, variablesOf(call), "--locked");

/** @param {UvCall} call */
export const isFrozen = (call) => !isLocked(call) && isChosen(call, variablesOf(call), "--frozen");

/** @param {UvCall} call */
export const hasNoCache = (call) => has(call, "--no-cache") || isOn(call, "UV_NO_CACHE");

/** @param {UvCall} call */
export const compiles = (call) =>
  has(call, "--compile-bytecode") || isOn(call, "UV_COMPILE_BYTECODE");

/**
 * Return whether a call of `uv sync` or `uv run` installs a group, if the project has it.
 * @param {UvCall} call
 * @param {string} name
 * @param {"all" | string[]} [defaults] The default groups of the project.
 */
export const takesGroup = (call, name, defaults = ["dev"]) =>
  includes(chooseGroups(call, variablesOf(call), defaults), name);

/**
 * Return whether a call installs the dev group, if the project has one.
 * @param {UvCall} call
 * @param {PyprojectTables} [pyproject]
 */
export const takesDev = (call, pyproject) => takesGroup(call, "dev", pyproject?.defaultGroups);

/** @param {UvCall} call @param {string} name */
export const takesExtra = (call, name) => includes(chooseExtras(call), name);

/** @param {UvCall} call */
export const runSyncs = (call) => syncsBeforeRun(withoutScript(call), variablesOf(call));

/** `--script` matters to a file with its own dependencies, which manage.py has not. @param {UvCall} call */
const withoutScript = (call) =>
  /(?:^|\/)manage\.py$/.test(call.operands[0] ?? "")
    ? { ...call, options: call.options.filter(({ name }) => name !== "--script") }
    : call;

/**
 * Return whether the image has the dev group when its build ends. Return undefined if no `uv sync`
 * made its environment.
 * @param {Pick<CheckedProject, "installs" | "pyproject">} project
 */
export const hasDev = ({ installs, pyproject }) => {
  /** @type {boolean | undefined} */
  let result;
  for (const call of installs.filter(({ ships }) => ships)) {
    if (call.name === "sync") result = takesDev(call, pyproject);
    else if (call.name === "run" && takesDev(call, pyproject)) result = true;
  }
  return result;
};

/** Whether the call installs packages into an environment. @param {UvCall} call */
export const isInstall = (call) =>
  INSTALLS.has(call.name) && (call.name !== "run" || runSyncs(call));

/**
 * Return the virtual environment of a call, or SYSTEM. Without the project's files, the folder that
 * the call works in counts as the root of the project.
 * @param {UvCall} call
 */
export const targetOf = (call) => {
  const variables = Object.fromEntries(call.environment);
  const folders = [
    values(call, "--directory").at(-1) ?? variables.UV_WORKING_DIR,
    values(call, "--project").at(-1) ?? variables.UV_PROJECT,
  ];
  const root = call.name.startsWith("pip")
    ? call.workdir
    : folders.reduce((from, folder) => absolute(from, folder ?? "."), call.workdir);
  return environmentOf(call, variables, { root: withoutSlash(root) });
};

/** @param {string} user */
export const isRoot = (user) => /^(?:|root|0)(?::.*)?$/.test(user);

/** Whether a call installs packages of others, and not only the project. @param {UvCall} call */
export const installsDependencies = (call) => {
  if (call.name === "sync") return true;
  if (!call.name.startsWith("pip ")) return false;
  // A list of requirements can name all packages.
  if (has(call, "--no-deps")) return has(call, "--requirements");
  return !(call.operands.length > 0 && call.operands.every((word) => /^(?:pip|uv)\b/.test(word)));
};
