// @ts-check
// The tables of pyproject.toml that say what a project consists of.

import { parse, TomlError } from "../vendor/smol-toml.js";
import { normalise } from "./markers.js";
import { readMember } from "./project.js";
import { table, tableList, text, texts } from "./toml.js";

/** @typedef {import("./toml.js").TomlValue} TomlValue */
/** @typedef {import("./toml.js").Table} Table */

/**
 * Return the tables, or undefined if the text is missing, malformed or not that of a uv project.
 * @param {string} [content]
 * @returns {PyprojectTables | undefined}
 */
export const readPyproject = (content) => {
  if (content === undefined) return undefined;
  try {
    const pyproject = parse(content);
    return Object.keys(table(pyproject.project)).length === 0 ? undefined : tablesOf(pyproject);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return undefined;
  }
};

/**
 * @param {Table} pyproject
 * @returns {PyprojectTables}
 */
const tablesOf = (pyproject) => {
  const project = table(pyproject.project);
  const uv = table(table(pyproject.tool).uv);
  const own = new Map(entries(pyproject["dependency-groups"]));
  if (uv["dev-dependencies"]) own.set("dev", uv["dev-dependencies"]);
  return {
    requiresPython: text(project["requires-python"]),
    dependencies: texts(project.dependencies),
    extras: byName(entries(project["optional-dependencies"]), texts),
    groups: byName([...own], (list) => requirements(own, list)),
    defaultGroups: readMember(pyproject).defaultGroups,
    isWorkspace: uv.workspace !== undefined,
    isPackage:
      uv.package === undefined ? pyproject["build-system"] !== undefined : uv.package === true,
  };
};

/** @param {TomlValue | undefined} lists @returns {[string, TomlValue][]} */
const entries = (lists) =>
  Object.entries(table(lists)).map(([name, list]) => [normalise(name), list]);

/** @param {[string, TomlValue][]} lists @param {(list: TomlValue) => string[]} read */
const byName = (lists, read) => Object.fromEntries(lists.map(([name, list]) => [name, read(list)]));

/**
 * Return the requirements of a group, with those of the groups that it includes.
 * @param {ReadonlyMap<string, TomlValue>} groups
 * @param {TomlValue} list
 * @param {string[]} [above] The groups that include it. A group that includes itself is an error.
 * @returns {string[]}
 */
const requirements = (groups, list, above = []) => [
  ...texts(list),
  ...tableList(list).flatMap((each) => {
    const name = normalise(String(each["include-group"] ?? ""));
    const included = groups.get(name);
    const isNew = included !== undefined && !above.includes(name);
    return isNew ? requirements(groups, included, [...above, name]) : [];
  }),
];

/** Return the normalised name of a requirement. @param {string} requirement */
export const packageName = (requirement) =>
  normalise(/^[\w.-]+/.exec(requirement.trim())?.[0] ?? "");

/** Return every requirement of a project, also those of groups and extras. @param {PyprojectTables} [pyproject] */
export const allRequirements = (pyproject) =>
  pyproject
    ? [pyproject.dependencies, pyproject.extras, pyproject.groups].flatMap((each) =>
        Object.values(each).flat(),
      )
    : [];
