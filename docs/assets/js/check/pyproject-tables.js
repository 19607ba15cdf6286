// @ts-check
// The tables of pyproject.toml that say what a project consists of.

import { parse } from "../vendor/smol-toml.js";

/**
 * Return the tables, or undefined if the text is missing, malformed or not that of a uv project.
 * @param {string} [text]
 * @returns {PyprojectTables | undefined}
 */
export const readPyproject = (text) => {
  if (text === undefined) return undefined;
  /** @type {TomlTable} */
  let tables;
  try {
    tables = /** @type {TomlTable} */ (parse(text));
  } catch {
    return undefined;
  }
  const project = table(tables.project);
  if (Object.keys(project).length === 0) return undefined;
  const uv = table(table(tables.tool).uv);
  const groups = lists(tables["dependency-groups"]);
  if (uv["dev-dependencies"]) groups.dev = strings(uv["dev-dependencies"]);
  const defaults = uv["default-groups"];
  return {
    dependencies: strings(project.dependencies),
    extras: lists(project["optional-dependencies"]),
    groups,
    defaultGroups: defaults === "all" ? "all" : defaults ? strings(defaults) : ["dev"],
    isWorkspace: uv.workspace !== undefined,
    isPackage:
      uv.package === undefined ? tables["build-system"] !== undefined : uv.package === true,
  };
};

/** @param {unknown} value @returns {TomlTable} */
const table = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? /** @type {TomlTable} */ (value)
    : {};

/** @param {unknown} value */
const strings = (value) =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];

/** @param {unknown} value */
const lists = (value) =>
  Object.fromEntries(Object.entries(table(value)).map(([name, list]) => [name, strings(list)]));

/** Return the normalised name of a requirement. @param {string} requirement */
export const packageName = (requirement) =>
  (/^[\w.-]+/.exec(requirement.trim())?.[0] ?? "").toLowerCase().replace(/[-_.]+/g, "-");
