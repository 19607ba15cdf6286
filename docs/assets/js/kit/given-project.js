// @ts-check
// What a kit has to know about the project that a reader gave.

import { packageName } from "../check/pyproject-tables.js";
import { table, text, texts } from "../check/toml.js";
import { satisfies } from "../vendor/pep440.js";
import { parse, TomlError } from "../vendor/smol-toml.js";
import { isSettings } from "./read/files.js";

/** @typedef {import("../check/toml.js").Table} Table */
/** @typedef {import("./read/evidence.js").Package} Package */

// Packages of which Django is a dependency, or which are Django.
const DJANGO = /^(?:django|wagtail)/;
// The lists of packages that become the dependencies of `[project]`.
const DEPENDENCIES = /^(?:project\.dependencies|tool\.poetry\.dependencies|packages)$/;
const GROUP = /^dependency-groups\.(.+)$/;
const PRODUCTION_GROUP = /^(?:main|prod|production|deploy|deployment|server)$/;
const SERVER = /^(?:gunicorn|uvicorn)$/;
const STORAGES = /^[ \t]*(STORAGES|STATICFILES_STORAGE|DEFAULT_FILE_STORAGE)\s*(?::[^=\n]*)?=/gm;
const POSTGIS = /["']django\.contrib\.gis\.db\.backends\.postgis["']/;
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
  const uvVersion = text(table(tool.uv)["required-version"]);
  const move = document && moveOf(project, tool, packages);
  return {
    packages: packages.map(({ value: { name }, at, file }) => ({
      name,
      isDependency: DEPENDENCIES.test(at) || REQUIREMENTS.test(file),
      group: GROUP.exec(at)?.[1] ?? "",
    })),
    productionGroups: productionGroups(packages),
    uvVersion,
    allowsUv: (version) => fits(version, uvVersion),
    paths: [...new Set([...(paths ?? []), ...written])],
    metadata: document ? metadata(project, table(tool.poetry)) : [],
    isDynamic: dynamic.includes("dependencies"),
    ...(move && { move }),
    pytestTable: pytestTable(table(tool.pytest), packages),
    testSettings: testSettings(table(tool.pytest)),
    baseDir: baseDir(files),
    storages: storages(files),
    hasPlainStatics: hasPlainStatics(files),
    isOnPostgis: Object.keys(files).some((path) => isSettings(path) && POSTGIS.test(files[path])),
    notes,
    site,
  };
};

/** Whether a version is in a range. A version without a sign is the only one. @param {string} version @param {string} range */
const fits = (version, range) =>
  satisfies(version, /^\s*\d/.test(range) ? `==${range.trim()}` : range);

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

/** Return the groups with the server, or whose names say that they are for production. @param {Package[]} packages */
const productionGroups = (packages) => [
  ...new Set(
    packages.flatMap(({ value, at, isMain }) => {
      const group = GROUP.exec(at)?.[1] ?? "";
      const hasServer = group !== "" && isMain && SERVER.test(value.name);
      return PRODUCTION_GROUP.test(group) || hasServer ? [group] : [];
    }),
  ),
];

/**
 * @param {Table} project
 * @param {Table} tool
 * @param {Package[]} packages
 * @returns {KitProject["move"]}
 */
const moveOf = (project, tool, packages) => {
  const groups = productionGroups(packages);
  const isInGroup = packages.some(
    ({ value, at }) => value.name === "django" && groups.includes(GROUP.exec(at)?.[1] ?? ""),
  );
  if (isInGroup) return undefined;
  if (texts(project.dependencies).some((each) => DJANGO.test(packageName(each)))) return undefined;
  if (tool.poetry !== undefined && texts(project.dependencies).length === 0) {
    return { from: "`[tool.poetry.dependencies]`", page: "migrate" };
  }
  const listed = packages.filter(({ at }) => !at.startsWith("project."));
  // pip-tools makes a .txt file from each .in file, so the latter comes first.
  const main = listed
    .filter(({ isMain }) => isMain)
    .toSorted(
      (one, other) => Number(other.file.endsWith(".in")) - Number(one.file.endsWith(".in")),
    );
  const origin =
    main.find(({ value }) => value.name === "django") ??
    main.find(({ value }) => DJANGO.test(value.name)) ??
    main[0] ??
    listed[0];
  const file = `\`${origin?.file ?? "requirements.txt"}\``;
  const from = origin && GROUP.test(origin.at) ? `\`${origin.at}\` in ${file}` : file;
  return { from, page: "migrate-from-pip" };
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

/** Return the settings of storages that the project assigns. @param {Record<string, string>} files */
const storages = (files) => {
  const all = Object.keys(files)
    .filter(isSettings)
    .flatMap((path) => [...files[path].matchAll(STORAGES)].map((match) => match[1]));
  return [...new Set(all)];
};

/**
 * Whether the settings collect static files under their own names. In such a project, files can
 * name others that do not exist, and Django then cannot write hashes into the names.
 * @param {Record<string, string>} files
 */
const hasPlainStatics = (files) => {
  const settings = Object.keys(files)
    .filter(isSettings)
    .map((path) => files[path]);
  return (
    settings.some((text) => /^STATIC_ROOT\b/m.test(text)) &&
    !settings.some((text) => /Manifest\w*Storage/.test(text))
  );
};

/** Return the settings module that pytest uses already. @param {Table} pytest */
const testSettings = (pytest) =>
  text(table(pytest.ini_options).DJANGO_SETTINGS_MODULE) || text(pytest.DJANGO_SETTINGS_MODULE);

/** @param {Record<string, string>} files @returns {KitProject["baseDir"]} */
const baseDir = (files) => {
  const settings = Object.keys(files)
    .filter(isSettings)
    .map((path) => files[path]);
  if (settings.some((each) => PATH.test(each))) return "path";
  if (settings.some((each) => DEFINED.test(each))) return "text";
  return settings.length > 0 ? "unknown" : "path";
};
