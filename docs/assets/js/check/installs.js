// @ts-check
// Which packages a uv command installs, predicted from pyproject.toml and uv.lock.

import { environmentOf, pathOf, workingDirectory } from "./environments.js";
import { fromRoot, OUTSIDE } from "./folders.js";
import { markerEnvironment, requestedVersion, targetPlatform } from "./interpreter.js";
import { MarkerError, normalise } from "./markers.js";
import { lockedContent, origins, projectReason, resolve } from "./resolution.js";
import { isChosen, select, syncsBeforeRun } from "./selection.js";
import { has, readCommand, values } from "./uv-command.js";
import { isSet, refusedValue, unclearValue, variableOf } from "./variables.js";

export { readProject } from "./project.js";

/** @returns {InstallState} */
export const emptyState = () => ({ environments: {}, exports: {} });

/**
 * Return the outcomes of uv commands that run one after another, up to the first that uv refuses.
 * `cd` changes the folder of the commands after it.
 * @param {LockedProject} project
 * @param {string[][]} commands The words of each command. Commands of other programs are ignored.
 * @param {InstallSettings} settings
 * @param {InstallState} state What earlier commands left behind. It is updated.
 * @returns {InstallOutcome[]}
 */
export function runAll(project, commands, settings, state = emptyState()) {
  let { folder = "." } = settings;
  const outcomes = [];
  for (const words of commands) {
    if (words[0] === "cd") folder = fromRoot(words[1] ?? "", folder, settings.root) ?? OUTSIDE;
    const outcome = run(project, words, { ...settings, folder }, state);
    if (outcome) outcomes.push({ text: words.join(" "), ...outcome });
    if (outcome?.refused) break;
  }
  return outcomes;
}

/**
 * Return the outcome of a command, and update the state. Return undefined if the program is not uv.
 * @param {LockedProject} project
 * @param {string[]} words The words of the command, with assignments of variables before it.
 * @param {InstallSettings} settings
 * @param {InstallState} state
 * @returns {Omit<InstallOutcome, "text"> | undefined}
 */
function run(project, words, settings, state) {
  const command = readCommand(words, settings.grammar);
  if (!command) return undefined;
  const { name } = command;
  const call = new Call(project, command, settings, state);
  const { refused, unclear } = call;
  if (refused) return { command: name, refused };
  if (unclear) return { command: name, ...call.unknown(`The value of “${unclear}” is unknown.`) };
  try {
    return { command: name, ...(ACTIONS[name] ?? ACTIONS.other)(call) };
  } catch (error) {
    if (!(error instanceof MarkerError)) throw error;
    return { command: name, ...call.unknown(error.message) };
  }
}

/**
 * Return the parts of uv.lock that the output of a `uv export` depends on. Return undefined if it
 * depends on anything else, or if uv refuses the command.
 * @param {LockedProject} project
 * @param {UvCommand} command
 * @param {InstallSettings} settings
 */
export function exportedContent(project, command, settings) {
  const call = new Call(project, command, settings, emptyState());
  const isPredicted = command.name === "export" && !call.refused && !call.unclear;
  return isPredicted ? call.exportedContent() : undefined;
}

/**
 * Return every part of a project that asks for a package, even if no command installs that part. A
 * server in a group that is never installed is found with it.
 * @param {LockedProject} project
 * @param {string} name
 * @param {InstallSettings} settings
 */
export function reasonsFor(project, name, { python, platform }) {
  return origins(project, normalise(name), markerEnvironment(python, platform));
}

/** @typedef {Omit<InstallOutcome, "command" | "text">} Effect */

/** @type {Record<string, (call: Call) => Effect>} */
const ACTIONS = {
  sync: (call) => call.sync(has(call.command, "--inexact")),
  run: (call) => call.run(),
  export: (call) => call.export(),
  "pip sync": (call) => call.installFiles(true),
  "pip install": (call) => call.installFiles(has(call.command, "--exact")),
  venv: (call) => call.createEnvironment(),
  other: (call) => (CHANGING.test(call.command.name) ? call.unknown(NOT_PREDICTED) : {}),
};

const CHANGING = /^(?:add|remove|upgrade|pip uninstall)$/;
// An export without a file can be piped into the next command, which reads this file.
const STANDARD_INPUT = "-";
// Options with which the output of an export depends on more than uv.lock.
const BEYOND_THE_LOCKFILE = ["--prune", "--emit-index-url", "--emit-find-links"];
// Options with which uv resolves the dependencies again.
const RELOCKING = [
  "--upgrade",
  "--upgrade-package",
  "--upgrade-group",
  "--resolution",
  "--prerelease",
  "--prerelease-package",
  "--fork-strategy",
  "--exclude-newer",
  "--exclude-newer-package",
];
const NOT_PREDICTED = "The packages after this command are not predicted.";
class Call {
  /**
   * @param {LockedProject} project
   * @param {UvCommand} command
   * @param {InstallSettings} settings
   * @param {InstallState} state
   */
  constructor(project, command, settings, state) {
    this.project = project;
    this.command = command;
    this.settings = settings;
    /** @type {EnvironmentVariables} */
    this.variables = { ...settings.variables, ...command.variables };
    this.state = state;
  }

  /** uv's reason for refusing the command, whatever the project contains. */
  get refused() {
    return this.command.refused ?? refusedValue(this.variables, this.command.name);
  }

  /** A value that is only known when the command runs. */
  get unclear() {
    return this.command.unclear ?? unclearValue(this.variables);
  }

  /**
   * @param {boolean} isInexact
   * @returns {Effect}
   */
  sync(isInexact) {
    if (has(this.command, "--dry-run") || has(this.command, "--check")) return this.unchanged();
    const selected = this.select("install");
    if (!selected.packages) return selected;
    return this.install(selected.packages, isInexact);
  }

  /** @returns {Effect} */
  run() {
    const skips = !syncsBeforeRun(this.command, this.variables);
    return skips ? this.unchanged() : this.sync(!has(this.command, "--exact"));
  }

  exportedContent() {
    const { selection } = this.choose();
    const [format = ""] = values(this.command, "--format");
    const hasOthers = BEYOND_THE_LOCKFILE.some((name) => has(this.command, name));
    if (!selection || hasOthers || format.startsWith("cyclonedx")) return undefined;
    return lockedContent(this.project, selection, !has(this.command, "--no-annotate"));
  }

  /** @returns {Effect} */
  export() {
    if (has(this.command, "--prune")) return { unknown: NOT_PREDICTED };
    const selected = this.select("emit");
    if (!selected.packages) return selected;
    const file = values(this.command, "--output-file")[0] ?? this.command.output ?? STANDARD_INPUT;
    this.state.exports[baseName(file)] = selected.packages;
    return { exported: selected.packages };
  }

  /**
   * Install what exported files list, and projects without their dependencies. `uv pip` does not
   * read uv.lock.
   * @param {boolean} isExact
   * @returns {Effect}
   */
  installFiles(isExact) {
    const isSync = this.command.name === "pip sync";
    const files = isSync ? this.command.operands : values(this.command, "--requirements");
    const others = ["--editable", "--group"].flatMap((name) => values(this.command, name));
    const names = [...(isSync ? [] : this.command.operands), ...others];
    const lists = [
      ...files.map((file) => this.state.exports[baseName(file)]),
      ...names.map((name) => this.localProject(name)),
    ];
    const strange = [...files, ...names].find((_, at) => !lists[at]);
    if (strange !== undefined) {
      return this.unknown(
        `\`uv ${this.command.name}\` does not read uv.lock, so the packages of “${strange}” ` +
          "depend on the package index.",
      );
    }
    if (!lists.length) return { refused: "the following required arguments were not provided" };
    if (has(this.command, "--dry-run")) return this.unchanged();
    return this.install(merged(lists.flatMap((each) => each ?? [])), !isExact);
  }

  /**
   * Return a project that is installed alone, such as “.” with `--no-deps`.
   * @param {string} path
   * @returns {InstalledPackage[] | undefined}
   */
  localProject(path) {
    if (!has(this.command, "--no-deps") || !/^[./]/.test(path)) return undefined;
    const [directory] = path.split("[");
    const folder = fromRoot(directory, this.workingDirectory ?? OUTSIDE, this.settings.root);
    if (folder === undefined) return undefined;
    const locked = this.project.packages.find((each) => each.folder === folder);
    return (
      locked && [{ name: locked.name, version: locked.version, reasons: [projectReason(locked)] }]
    );
  }

  /** @returns {Effect} */
  createEnvironment() {
    const [path] = this.command.operands;
    const environment = path
      ? pathOf(path, this.command, this.variables, this.settings)
      : this.environment;
    const isKept = has(this.command, "--allow-existing");
    if (!isKept || !(environment in this.state.environments)) {
      this.state.environments[environment] = [];
    }
    return this.unchanged(environment);
  }

  /**
   * Return the packages that the command selects in uv.lock, or the reason why there are none.
   * @param {"install" | "emit"} verb
   * @returns {{ packages: InstalledPackage[] } | (Effect & { packages?: undefined })}
   */
  select(verb) {
    const { selection, ...failure } = this.choose();
    if (!selection) return failure;
    const isKept = this.filter(verb, selection);
    const found = resolve(this.project, selection, this.markerEnvironment);
    return { packages: found.filter(({ locked }) => isKept(locked)).map((each) => each.installed) };
  }

  /** @returns {{ selection?: InstallSelection, refused?: string, unknown?: string }} */
  choose() {
    const { folder } = this;
    if (folder === undefined) return this.unknown("The command uses another project.");
    if (has(this.command, "--script")) {
      return this.unknown("The dependencies of a script are not in uv.lock.");
    }
    const selection = select(this.project, this.command, this.variables, folder);
    const outdated = this.outdated();
    if (outdated) return outdated;
    return "refused" in selection ? selection : { selection };
  }

  outdated() {
    const { outdated } = this.project;
    if (this.isChosen("--frozen")) return undefined;
    const relocking = RELOCKING.find((name) => has(this.command, name));
    if (relocking) return this.unknown(`With \`${relocking}\`, uv can update uv.lock first.`);
    if (!outdated) return undefined;
    const reason = `uv.lock does not match pyproject.toml: ${outdated}`;
    if (!this.isChosen("--locked")) return this.unknown(`${reason}. uv updates it first.`);
    const option = has(this.command, "--locked") ? "--locked" : "UV_LOCKED=1";
    return {
      refused: `The lockfile at \`uv.lock\` needs to be updated, but \`${option}\` was provided.`,
    };
  }

  /** @param {"--locked" | "--frozen"} option */
  isChosen(option) {
    return isChosen(this.command, this.variables, option);
  }

  /**
   * Return a function that tests whether options such as `--no-install-project` keep a package.
   * @param {"install" | "emit"} verb
   * @param {InstallSelection} selection
   * @returns {(locked: LockedPackage) => boolean}
   */
  filter(verb, { target }) {
    const single = this.project.members.size ? undefined : target.workspaceRoot;
    const own = target.current ?? (target.roots.length < 2 ? single : undefined);
    /** @type {Record<string, (locked: LockedPackage) => boolean>} */
    const kinds = {
      local: ({ isLocal }) => isLocal,
      workspace: (locked) => locked === own || this.project.members.has(locked.name),
      project: (locked) => locked === own,
    };
    const only = this.packageNames(`--only-${verb}-package`);
    if (only.length) return ({ name }) => only.includes(name);
    for (const [kind, matches] of Object.entries(kinds)) {
      if (this.isFiltered("only", verb, kind)) return matches;
    }
    const without = this.packageNames(`--no-${verb}-package`);
    const left = Object.entries(kinds).filter(([kind]) => this.isFiltered("no", verb, kind));
    return (locked) =>
      !without.includes(locked.name) && !left.some(([, matches]) => matches(locked));
  }

  /** @param {string} option */
  packageNames(option) {
    return values(this.command, option)
      .flatMap((value) => value.split(","))
      .map(normalise);
  }

  /**
   * Return whether an option or, if neither it nor its opposite is written, a variable is set.
   * @param {"only" | "no"} way
   * @param {"install" | "emit"} verb
   * @param {string} kind
   */
  isFiltered(way, verb, kind) {
    const [flag, opposite] = ["only", "no"]
      .sort((a) => (a === way ? -1 : 1))
      .map((each) => `--${each}-${verb}-${kind}`);
    if (has(this.command, flag)) return true;
    const counts = this.command.name === "sync" && !has(this.command, opposite);
    return counts && isSet(this.variables, variableOf(flag));
  }

  /**
   * @param {InstalledPackage[]} packages
   * @param {boolean} isInexact
   * @returns {Effect}
   */
  install(packages, isInexact) {
    const { environment } = this;
    const before =
      environment in this.state.environments ? this.state.environments[environment] : [];
    if (isInexact && before === null) return this.unchanged();
    const after = isInexact ? merged([...(before ?? []), ...packages]) : packages;
    this.state.environments[environment] = after;
    return { environment, packages: after };
  }

  /** @returns {Effect} */
  unchanged(environment = this.environment) {
    const packages = this.state.environments[environment];
    if (packages === null) return { environment, unknown: "An earlier command is not predicted." };
    return { environment, packages: packages ?? [] };
  }

  /** @param {string} reason */
  unknown(reason) {
    const { environment } = this;
    this.state.environments[environment] = null;
    return { environment, unknown: reason };
  }

  /** The folder of the project that the command uses. Like uv, this searches parent folders. */
  get folder() {
    const project = values(this.command, "--project").at(-1) ?? this.variables.UV_PROJECT;
    let folder = fromRoot(project ?? ".", this.workingDirectory ?? OUTSIDE, this.settings.root);
    const folders = this.project.packages.map((each) => each.folder);
    while (folder && folder !== "." && !folders.includes(folder)) {
      folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : ".";
    }
    return folder;
  }

  get workingDirectory() {
    return workingDirectory(this.command, this.variables, this.settings);
  }

  /** The virtual environment that the command changes. */
  get environment() {
    return environmentOf(this.command, this.variables, this.settings);
  }

  get markerEnvironment() {
    const { python, platform } = this.settings;
    const target = values(this.command, "--python-platform")[0];
    const request = values(this.command, "--python")[0] ?? this.variables.UV_PYTHON ?? "";
    const requested = requestedVersion(request);
    const fits = requested === undefined || `${python}.`.startsWith(`${requested}.`);
    return markerEnvironment(fits ? python : requested, target ? targetPlatform(target) : platform);
  }
}

/**
 * Return the name of a file without its folder.
 * @param {string} path
 */
const baseName = (path) =>
  path === "/dev/stdin" ? STANDARD_INPUT : (path.split("/").at(-1) ?? "");

/**
 * Return one package for each name, the last one, sorted by name.
 * @param {InstalledPackage[]} packages
 */
export const merged = (packages) =>
  [...new Map(packages.map((each) => [each.name, each])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
