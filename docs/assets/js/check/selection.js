// @ts-check
// Select the projects of a workspace, the dependency groups and the extras that a command installs.
import { normalise } from "./markers.js";
import { has, values } from "./uv-command.js";
import { isSet, variableOf } from "./variables.js";

/**
 * Return what a command selects in a project, or uv's reason for refusing it.
 * @param {LockedProject} project
 * @param {UvCommand} command
 * @param {EnvironmentVariables} variables
 * @param {string} folder The folder of the project, relative to the root of the workspace.
 * @returns {InstallSelection | { refused: string }}
 */
export function select(project, command, variables, folder) {
  const target = chooseTarget(project, command, folder);
  if ("refused" in target) return target;
  const defaults = project.folders.get(folder)?.defaultGroups ?? ["dev"];
  const groups = chooseGroups(command, variables, defaults);
  const extras = chooseExtras(command);
  const selection = { target, groups, extras };
  const refused =
    bothLocks(command, variables) ??
    undefinedDefault(project, folder) ??
    conflicting(project, selection) ??
    undefinedName(project, selection);
  return refused ? { refused } : selection;
}

/**
 * @param {LockedProject} project
 * @param {UvCommand} command
 * @param {string} folder
 * @returns {InstallTarget | { refused: string }}
 */
function chooseTarget(project, command, folder) {
  const local = project.packages.filter((each) => each.folder !== undefined);
  const workspaceRoot = local.find((each) => each.folder === ".");
  const members = project.members.size
    ? local.filter(({ name }) => project.members.has(name))
    : local.filter((each) => each === workspaceRoot);
  const names = values(command, "--package").map(normalise);
  const unknown = names.find((name) => !members.some((each) => each.name === name));
  if (unknown) return { refused: `The workspace does not have a member ${unknown}` };
  const here = members.find((each) => each.folder === folder);
  if (has(command, "--all-packages")) return { workspaceRoot, roots: members, current: undefined };
  const named = members.filter(({ name }) => names.includes(name));
  if (named.length > 1) return { workspaceRoot, roots: named, current: undefined };
  const current = named[0] ?? here;
  return { workspaceRoot, roots: current ? [current] : members, current };
}

/**
 * Return the groups that a command installs.
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 * @param {"all" | string[]} defaults
 * @returns {GroupChoice}
 */
export function chooseGroups(command, variables, defaults) {
  const named = groupNames(command, "--group");
  const only = groupNames(command, "--only-group");
  const written = groupNames(command, "--no-group");
  const without = written.length ? written : words(variables.UV_NO_GROUP);
  const mode = devMode(command, variables);
  const isOnly = mode === "--only-dev" || only.length > 0;
  const asked = [...named, ...only, ...(mode && mode !== "--no-dev" ? ["dev"] : [])];
  const hasDefaults =
    !isOnly && !has(command, "--no-default-groups") && !isSet(variables, "UV_NO_DEFAULT_GROUPS");
  const isAll = has(command, "--all-groups");
  const byDefault = hasDefaults ? defaults : [];
  return {
    included: isAll || byDefault === "all" ? "all" : [...asked, ...byDefault],
    excluded: [...without, ...(mode === "--no-dev" ? ["dev"] : [])],
    named: [...named, ...without, ...only],
    isOnly,
    isDefault: (name) => !isAll && !asked.includes(name),
  };
}

/**
 * @param {UvArguments} command
 * @param {string} option
 */
const groupNames = (command, option) =>
  values(command, option)
    .flatMap((value) => (option === "--no-group" ? words(value) : [value]))
    .map(normalise);

/** @param {string | undefined} text */
const words = (text) => (text ?? "").split(/\s+/).filter(Boolean).map(normalise);

/**
 * Return the option that decides on the group `dev`. Options take precedence over variables.
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 */
function devMode(command, variables) {
  if (has(command, "--only-dev")) return "--only-dev";
  for (const option of ["--no-dev", "--dev"]) if (has(command, option)) return option;
  if (isSet(variables, "UV_NO_DEV")) return "--no-dev";
  return isSet(variables, "UV_DEV") ? "--dev" : undefined;
}

/**
 * Return the extras that a command installs.
 * @param {UvArguments} command
 * @returns {NameChoice}
 */
export function chooseExtras(command) {
  const named = values(command, "--extra")
    .flatMap((value) => value.split(","))
    .map(normalise);
  const excluded = values(command, "--no-extra").map(normalise);
  const included = has(command, "--all-extras") ? "all" : named;
  return { included, excluded, named: [...named, ...excluded] };
}

/**
 * @param {NameChoice} choice
 * @param {string} name
 */
export const includes = ({ included, excluded }, name) =>
  !excluded.includes(name) && (included === "all" || included.includes(name));

/**
 * Return whether a group is installed. If a command selects a member of a workspace, a group of the
 * root is installed if options name it and the member has no group of the same name.
 * @param {LockedProject} project
 * @param {InstallSelection} selection
 * @param {LockOwner} owner The project with the group.
 * @param {string} group
 */
export function includesGroup(project, { target, groups }, owner, group) {
  if (!includes(groups, group)) return false;
  const { current } = target;
  if (!current || owner === current) return true;
  if (groups.isDefault(group)) return false;
  return !(project.folders.get(current.folder ?? "")?.groups ?? current.declaredGroups).has(group);
}

/**
 * Return whether a lockfile option is written or, if neither is, its variable is set.
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 * @param {"--locked" | "--frozen"} option
 */
export function isChosen(command, variables, option) {
  if (has(command, "--locked", "--frozen")) return has(command, option);
  const isUnset = has(command, option.replace("--", "--no-"));
  return !isUnset && isSet(variables, variableOf(option));
}

/**
 * Return the error for both variables. Either option makes uv ignore them.
 * @param {UvCommand} command
 * @param {EnvironmentVariables} variables
 */
function bothLocks(command, variables) {
  if (has(command, "--locked") || has(command, "--frozen")) return undefined;
  const locked = isSet(variables, "UV_LOCKED") && !has(command, "--no-locked");
  const frozen = isSet(variables, "UV_FROZEN") && !has(command, "--no-frozen");
  const [first, second] = ["UV_LOCKED", "UV_FROZEN"].map(
    (each) => `\`${each}\` (environment variable)`,
  );
  return locked && frozen ? `the argument ${first} cannot be used with ${second}` : undefined;
}

/**
 * @param {LockedProject} project
 * @param {string} folder
 */
function undefinedDefault(project, folder) {
  const member = project.folders.get(folder);
  if (!member?.hasDefaultGroups || member.defaultGroups === "all") return undefined;
  const missing = member.defaultGroups.find((name) => !member.groups.has(name));
  if (missing === undefined) return undefined;
  const table = "the project's `dependency-groups` table";
  return `Default group \`${missing}\` (from \`tool.uv.default-groups\`) is not defined in ${table}`;
}

/**
 * @param {LockedProject} project
 * @param {InstallSelection} selection
 */
function undefinedName(project, { target, groups, extras }) {
  const { roots, current, workspaceRoot } = target;
  const extra = extras.named.find((name) => !roots.some((each) => each.declaredExtras.has(name)));
  if (extra !== undefined) {
    const table = "`optional-dependencies` table";
    return current
      ? `Extra \`${extra}\` is not defined in the ${table} for \`${current.name}\``
      : `Extra \`${extra}\` is not defined in any project's ${table}`;
  }
  const owners = current && workspaceRoot ? [...roots, workspaceRoot] : roots;
  const group = groups.named.find(
    (name) =>
      !owners.some((each) => each.declaredGroups.has(name)) && !project.manifest.groups.has(name),
  );
  const owner = current ? "the project's" : "any project's";
  return group === undefined
    ? undefined
    : `Group \`${group}\` is not defined in ${owner} \`dependency-groups\` table`;
}

/**
 * @param {LockedProject} project
 * @param {InstallSelection} selection
 */
function conflicting(project, { target, groups, extras }) {
  const names = new Set(target.roots.map(({ name }) => name));
  for (const set of project.conflicts) {
    const active = set.filter((item) => {
      if (!names.has(item.package)) return false;
      if (item.extra !== undefined) return includes(extras, item.extra);
      return item.group === undefined ? !groups.isOnly : includes(groups, item.group);
    });
    if (active.length > 1) return conflictMessage(set, active, groups);
  }
  return undefined;
}

/**
 * @param {ConflictItem[]} set
 * @param {ConflictItem[]} active
 * @param {GroupChoice} groups
 */
function conflictMessage(set, active, groups) {
  const declared = set.map(({ package: name, extra, group }) => {
    if (extra !== undefined) return `\`${name}[${extra}]\``;
    return group === undefined ? name : `\`${name}:${group}\``;
  });
  const kinds = new Set(active.map(kindOf));
  const kind = kinds.size === 1 ? [...kinds][0] : "";
  const list = active.map((item) => {
    const { package: name, extra, group } = item;
    const byDefault = group !== undefined && groups.isDefault(group) ? " (enabled by default)" : "";
    const quoted = `\`${extra ?? group ?? name}\`${byDefault}`;
    return HEADINGS[kind] ? quoted : `${kindOf(item)} ${quoted}`;
  });
  const last = list.pop();
  const text = `${list.join(", ")}${list.length > 1 ? "," : ""} and ${last}`;
  const [subject, object] = HEADINGS[kind] ?? ["", "declared conflicts"];
  const sentence = subject ? `${subject} ${text}` : text[0].toUpperCase() + text.slice(1);
  return `${sentence} are incompatible with the ${object}: {${declared.join(", ")}}`;
}

/** @type {Record<string, string[] | undefined>} */
const HEADINGS = {
  extra: ["Extras", "declared conflicts"],
  group: ["Groups", "conflicts"],
};

/** @param {ConflictItem} item */
function kindOf({ extra, group }) {
  if (extra !== undefined) return "extra";
  return group === undefined ? "package" : "group";
}

// Options of `uv run` that have a variable, and those that run a script in its own environment.
const WITHOUT_SYNC = ["--no-sync", "--no-project", "--isolated"];
const SCRIPTS = ["--script", "--gui-script"];

/**
 * Return whether a `uv run` installs packages before it runs the program.
 * @param {UvArguments} command
 * @param {EnvironmentVariables} variables
 */
export const syncsBeforeRun = (command, variables) =>
  !has(command, ...SCRIPTS) &&
  !WITHOUT_SYNC.some((flag) => has(command, flag) || isSet(variables, variableOf(flag)));
