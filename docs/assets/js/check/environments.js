// @ts-check
// The virtual environment that a uv command changes.

import { fromRoot, located } from "./folders.js";
import { clean, isWithin } from "./paths.js";
import { has, values } from "./uv-command.js";
import { isSet } from "./variables.js";

/** The environment of the image's own Python. */
export const SYSTEM = "system";
const SYSTEM_PYTHON = /^\/usr(?:\/local)?$/;
// The folder of packages, or one that contains it.
const PACKAGES = /\/lib(?:\/python[^/]*(?:\/(?:site|dist)-packages)?)?$/;

/** @typedef {Pick<InstallSettings, "folder" | "root">} Folders */

/**
 * Return the folder that a command works in, relative to the root of the project. Return undefined
 * if it is outside.
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 * @param {Folders} settings
 */
export const workingDirectory = (command, variables, { folder = ".", root }) =>
  fromRoot(values(command, "--directory").at(-1) ?? variables.UV_WORKING_DIR ?? ".", folder, root);

/**
 * Return the path of the environment that a command changes, or SYSTEM.
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 * @param {Folders} settings
 */
export const environmentOf = (command, variables, settings) => {
  if (command.name.startsWith("pip")) return pipEnvironment(command, variables, settings);
  const active = has(command, "--active") ? variables.VIRTUAL_ENV : undefined;
  const path = located(active ?? variables.UV_PROJECT_ENVIRONMENT ?? ".venv", ".", settings.root);
  return SYSTEM_PYTHON.test(path) ? SYSTEM : path;
};

/**
 * Return a path that is relative to the folder that a command works in.
 * @param {string} path
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 * @param {Folders} settings
 */
export const pathOf = (path, command, variables, settings) =>
  located(path, workingDirectory(command, variables, settings) ?? ".", settings.root);

/**
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 * @param {Folders} settings
 */
const pipEnvironment = (command, variables, settings) => {
  const [target] = values(command, "--target", "--prefix");
  const python = values(command, "--python")[0] ?? variables.UV_PYTHON ?? "";
  // The path of an interpreter, or of the folder of a virtual environment.
  const interpreter = python.includes("/") ? python.replace(/\/bin\/python[\d.]*$/, "") : "";
  const isSystem = has(command, "--system") || isSet(variables, "UV_SYSTEM_PYTHON");
  const system = SYSTEM_PYTHON.test(interpreter) || (isSystem && !interpreter);
  if (!target && system) return SYSTEM;
  const path = target ?? (interpreter || (variables.VIRTUAL_ENV ?? onPath(variables) ?? ".venv"));
  return pathOf(path, command, variables, settings);
};

/**
 * Return the environment whose programs come first on PATH. uv uses it only if there is no `.venv`,
 * but an image rarely has both.
 * @param {EnvironmentVariables} variables
 */
const onPath = ({ PATH = "", UV_PROJECT_ENVIRONMENT }) => {
  const path = /^([^:]+)\/bin(?=:)/.exec(PATH)?.[1];
  return path === UV_PROJECT_ENVIRONMENT || /env$/.test(path ?? "") ? path : undefined;
};

/**
 * Return the environment that a copy of files makes of another one, if it is among the files.
 * @param {string} environment
 * @param {string} source
 * @param {string} target
 */
export const copiedEnvironment = (environment, source, target) => {
  const path = environment === SYSTEM ? "/usr/local" : environment;
  let copy;
  if (isWithin(path, source)) copy = `/${clean(`${target}/${path.slice(source.length)}`)}`;
  else if (isWithin(source, path) && PACKAGES.test(source)) {
    copy = target.replace(PACKAGES, "");
  }
  return copy && SYSTEM_PYTHON.test(copy) ? SYSTEM : copy;
};
