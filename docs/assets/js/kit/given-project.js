// @ts-check
// What a kit has to know about the project that a reader gave.

import { packageName } from "../check/pyproject-tables.js";
import { table, text, texts } from "../check/toml.js";
import { parse, TomlError } from "../vendor/smol-toml.js";
import { isSettings } from "./read/files.js";

/** @typedef {import("../check/toml.js").Table} Table */
/** @typedef {import("./read/evidence.js").Package} Package */

// Packages of which Django is a dependency, or which are Django.
const DJANGO = /^(?:django|wagtail)/;
// The lists of packages that become the dependencies of `[project]`.
const DEPENDENCIES = /^(?:project\.dependencies|tool\.poetry\.dependencies|packages)$/;
const REQUIREMENTS = /(?:^|\/)requirements\.(?:txt|in)$/;
// os.path.join also accepts what is no pathlib.Path, such as a text or a Path of django-environ.
const PATH = /^BASE_DIR\b[^=\n]*=(?!.*(?:os\.path|environ)).*(?:\bPath\b|\.parent\b| \/ )/m;
const DEFINED = /^BASE_DIR\b[^=\n]*=/m;

/**
 * Return what a kit has to know, or undefined if nothing was given.
 * @param {{ texts: Record<string, string>, paths?: string[] }} given By their path from the root of the project.
 * @param {{ packages: Package[], notes: KitProject["notes"] }} reading
 * @param {string} site
 * @returns {KitProject | undefined}
 */
export const givenProject = ({ texts: files, paths }, { packages, notes }, site) => {
  const written = Object.keys(files).filter((path) => files[path].trim() !== "");
  if (written.length === 0 && !paths?.length) return undefined;
  const content = files["pyproject.toml"]?.trim() ? files["pyproject.toml"] : undefined;
  const isKnown = content !== undefined || packages.length > 0 || paths !== undefined;
  const document = isKnown ? readToml(content ?? "") : undefined;
  const project = table(document?.project);
  const tool = table(document?.tool);
  const dynamic = texts(project.dynamic);
  const move = document && moveOf(project, tool, packages);
  return {
    packages: packages.map(({ value: { name }, at, file }) => ({
      name,
      isDependency: DEPENDENCIES.test(at) || REQUIREMENTS.test(file),
    })),
    paths: [...new Set([...(paths ?? []), ...written])],
    metadata: document ? metadata(project, table(tool.poetry)) : [],
    isDynamic: dynamic.includes("dependencies"),
    ...(move && { move }),
    pytestTable: pytestTable(table(tool.pytest), packages),
    baseDir: baseDir(files),
    notes,
    site,
  };
};

/** @param {string} content @returns {Table | undefined} */
const readToml = (content) => {
  try {
    return parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return undefined;
  }
};

/** @param {Table} project @param {Table} poetry */
const metadata = (project, poetry) => {
  const has = (/** @type {string} */ key) =>
    project[key] !== undefined || texts(project.dynamic).includes(key);
  const version = text(poetry.version) || "0.1.0";
  return [
    ...(has("name") ? [] : ['name = "«project»"']),
    ...(has("version") ? [] : [`version = ${JSON.stringify(version.replace(/[«»]/g, ""))}`]),
  ];
};

/**
 * @param {Table} project
 * @param {Table} tool
 * @param {Package[]} packages
 * @returns {KitProject["move"]}
 */
const moveOf = (project, tool, packages) => {
  if (texts(project.dependencies).some((each) => DJANGO.test(packageName(each)))) return undefined;
  if (tool.poetry !== undefined && texts(project.dependencies).length === 0) {
    return { from: "`[tool.poetry.dependencies]`", page: "migrate" };
  }
  const listed = packages.filter(({ at }) => !at.startsWith("project."));
  const origin = listed.find(({ value }) => DJANGO.test(value.name)) ?? listed[0];
  return { from: `\`${origin?.file ?? "requirements.txt"}\``, page: "migrate-from-pip" };
};

/**
 * Only pytest 9 reads `[tool.pytest]`, and it accepts only one of the two tables.
 * @param {Table} pytest
 * @param {Package[]} packages
 */
const pytestTable = ({ ini_options, ...settings }, packages) => {
  const isOlder = packages.some(({ value }) => value.name === "pytest");
  const hasOwn = Object.keys(settings).length > 0;
  return ini_options !== undefined || (isOlder && !hasOwn)
    ? "[tool.pytest.ini_options]"
    : "[tool.pytest]";
};

/** @param {Record<string, string>} files @returns {KitProject["baseDir"]} */
const baseDir = (files) => {
  const settings = Object.keys(files)
    .filter(isSettings)
    .map((path) => files[path]);
  if (settings.some((each) => PATH.test(each))) return "path";
  if (settings.some((each) => DEFINED.test(each))) return "text";
  return settings.length > 0 ? "unknown" : "path";
};
