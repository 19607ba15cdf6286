// @ts-check
// Calls of uv: their options, the packages they leave out, and where they install.

import { absolute, isWithin, withoutSlash } from "./paths.js";
import { programName } from "./shell-commands.js";

const WITH_VALUE = new Set(
  [
    "--group --only-group --no-group --extra --no-extra --python -p --directory --project --package",
    "--cache-dir --config-file --index --default-index --index-url -i --extra-index-url --find-links",
    "-f --link-mode --with --with-editable --with-requirements --env-file --requirements -r",
    "--requirement --constraint --constraints -c --target --prefix --output-file -o --format",
    "--upgrade-package -P --refresh-package --reinstall-package --no-install-package --color",
    "--exclude-newer --resolution --prerelease --python-preference --python-version",
    "--python-platform --torch-backend --no-binary-package --no-build-package -e --editable",
    "--allow-insecure-host --prompt --index-strategy --build-constraint -b",
  ].flatMap((line) => line.split(" ")),
);
const WITH_SUBCOMMAND = new Set(["pip", "python", "tool", "cache", "self"]);
const INSTALLS = new Set(["sync", "run", "pip install", "pip sync"]);
const OFF = new Set(["", "0", "false", "no", "off", "f", "n"]);
/** The environment of the Python that the base image has. */
export const SYSTEM = "/usr/local";

/**
 * Return the call if the command is one of uv.
 * @param {ShellCommand} command
 * @returns {UvCall | undefined}
 */
export const uvCall = (command) => {
  if (programName(command.words[0]) !== "uv") return undefined;
  const { operands, options, rest } = readArguments(command.words.slice(1));
  const [first = "", second] = operands;
  const size = WITH_SUBCOMMAND.has(first) ? 2 : 1;
  const name = size === 2 ? `${first} ${second}` : first;
  return { ...command, name, options, operands: [...operands.slice(size), ...rest] };
};

/**
 * Separate the options from the other words. What `uv run` runs has options of its own.
 * @param {string[]} words
 */
const readArguments = (words) => {
  /** @type {string[]} */
  const operands = [];
  /** @type {[string, string][]} */
  const options = [];
  const rest = [...words];
  while (rest.length > 0 && (operands[0] !== "run" || operands.length < 2)) {
    const word = rest.shift() ?? "";
    if (/^-./.test(word)) options.push(readOption(word, rest));
    else operands.push(word);
  }
  return { operands, options, rest };
};

/**
 * @param {string} word
 * @param {string[]} rest The words after it. The value of the option is removed.
 * @returns {[string, string]}
 */
const readOption = (word, rest) => {
  const [name, value] = word.split(/=(.*)/s);
  return [name, value ?? (WITH_VALUE.has(name) ? (rest.shift() ?? "") : "true")];
};

/** @param {UvCall} call @param {string[]} names */
export const has = (call, ...names) => call.options.some(([name]) => names.includes(name));

/** @param {UvCall} call @param {string[]} names */
export const values = (call, ...names) =>
  call.options.flatMap(([name, value]) => (names.includes(name) ? [value] : []));

/**
 * Return whether a variable switches something on.
 * @param {Pick<ShellCommand, "environment">} command
 * @param {string[]} names
 */
export const isOn = ({ environment }, ...names) =>
  names.some((name) => !OFF.has((environment.get(name) ?? "").toLowerCase()));

/** @param {UvCall} call */
export const isLocked = (call) => has(call, "--locked", "--check") || isOn(call, "UV_LOCKED");

/** @param {UvCall} call */
export const isFrozen = (call) =>
  !isLocked(call) && (has(call, "--frozen") || isOn(call, "UV_FROZEN"));

/** @param {UvCall} call */
export const hasNoCache = (call) =>
  has(call, "--no-cache", "--no-cache-dir", "-n") || isOn(call, "UV_NO_CACHE");

/** @param {UvCall} call */
export const compiles = (call) =>
  has(call, "--compile-bytecode", "--compile") || isOn(call, "UV_COMPILE_BYTECODE");

/**
 * Return whether a call of `uv sync` or `uv run` installs the dev group, if the project has one and
 * it is a default group.
 * @param {UvCall} call
 */
export const takesDev = (call) => {
  if (has(call, "--no-dev", "--only-group", "--all-groups", "--only-dev")) {
    return has(call, "--only-dev") || (has(call, "--all-groups") && !has(call, "--no-dev"));
  }
  if (values(call, "--no-group").includes("dev")) return false;
  if (has(call, "--dev")) return true;
  if (isOn(call, "UV_NO_DEV")) return false;
  if (values(call, "--group").includes("dev")) return true;
  return !(has(call, "--no-default-groups") || isOn(call, "UV_NO_DEFAULT_GROUPS"));
};

/** @param {UvCall} call */
export const runSyncs = (call) =>
  !has(call, "--no-sync", "--no-project", "--isolated", "--script") && !isOn(call, "UV_NO_SYNC");

/** Whether the call installs packages into an environment. @param {UvCall} call */
export const isInstall = (call) =>
  INSTALLS.has(call.name) && (call.name !== "run" || runSyncs(call));

/**
 * Return the virtual environment of a call.
 * @param {UvCall} call
 */
export const environmentOf = (call) => {
  const folder = values(call, "--directory", "--project").at(-1) ?? ".";
  const project = withoutSlash(absolute(call.workdir, folder));
  const { environment } = call;
  if (!call.name.startsWith("pip ")) {
    const active = has(call, "--active") ? environment.get("VIRTUAL_ENV") : undefined;
    const path = active ?? environment.get("UV_PROJECT_ENVIRONMENT") ?? ".venv";
    return withoutSlash(absolute(project, path));
  }
  if (has(call, "--system") || isOn(call, "UV_SYSTEM_PYTHON")) return SYSTEM;
  const python = values(call, "--python", "-p", "--target", "--prefix").at(-1);
  const named = python?.replace(/\/bin\/python[\d.]*$/, "");
  const path = named?.includes("/") || named === ".venv" ? named : environment.get("VIRTUAL_ENV");
  return withoutSlash(absolute(project, path ?? ".venv"));
};

/**
 * Return the folder of uv's cache.
 * @param {UvCall} call
 */
export const cacheFolder = (call) => {
  const named = values(call, "--cache-dir").at(-1) ?? call.environment.get("UV_CACHE_DIR");
  if (named) return withoutSlash(absolute(call.workdir, named));
  const xdg = call.environment.get("XDG_CACHE_HOME");
  if (xdg) return withoutSlash(absolute("/", `${xdg}/uv`));
  const home = call.environment.get("HOME") ?? homeOf(call.instruction.user);
  return home && `${home}/.cache/uv`;
};

/** @param {string} user */
export const isRoot = (user) => /^(?:|root|0)(?::.*)?$/.test(user);

/** @param {string} user */
const homeOf = (user) => {
  if (isRoot(user)) return "/root";
  return /^\d/.test(user) ? undefined : `/home/${user.split(":")[0]}`;
};

/**
 * Return the cache mount that the call's cache is in.
 * @param {UvCall} call
 */
export const cacheMount = (call) => {
  const folder = cacheFolder(call);
  return folder === undefined
    ? undefined
    : call.instruction.mounts.find(
        ({ type, target }) => type === "cache" && isWithin(folder, target),
      );
};

/** Whether a call installs packages of others, and not only the project. @param {UvCall} call */
export const installsDependencies = (call) => {
  if (call.name === "sync") return true;
  if (!call.name.startsWith("pip ") || has(call, "--no-deps")) return false;
  return !(call.operands.length > 0 && call.operands.every((word) => /^(?:pip|uv)\b/.test(word)));
};
