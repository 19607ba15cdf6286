// @ts-check
// What pyproject.toml, Pipfile and requirements files say: packages, Python, indexes and Git servers.

import { normalise } from "../../check/markers.js";
import { table, tableList, text, texts } from "../../check/toml.js";
import { parse, TomlError } from "../../vendor/smol-toml.js";

/** @typedef {import("../../check/toml.js").Table} Table */
/** @typedef {import("../../check/toml.js").TomlValue} TomlValue */
/**
 * A value, and the part of the file that says it.
 * @template T
 * @typedef {{ value: T, at: string }} Evidence
 */
/** @typedef {{ name: string, extras: string[] }} Requirement */
/**
 * `isMain` is false for the packages of a group for development.
 * @typedef {{
 *   project?: Evidence<string>,
 *   python?: Evidence<string>,
 *   packages: (Evidence<Requirement> & { isMain: boolean })[],
 *   indexes: Evidence<{ name: string, url: string }>[],
 *   repositories: Evidence<string>[],
 *   indexed: Evidence<{ package: string, index: string }>[],
 *   folders: Evidence<string>[],
 *   isPoetryAlone?: boolean,
 *   fault?: string,
 * }} Declared
 */

const DEVELOPMENT =
  /(?:^|[-_./])(?:dev|development|local|tests?|testing|docs?|lint|quality|typing|types|ci)(?:[-_.]|$)/;

/** @returns {Declared} */
const nothing = () => ({ packages: [], indexes: [], repositories: [], indexed: [], folders: [] });

/**
 * Read a pyproject.toml, of Poetry or of any tool that reads `[project]`.
 * @param {string} content
 * @returns {Declared}
 */
export const readDeclared = (content) => {
  /** @type {Table} */
  let document;
  try {
    document = parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { ...nothing(), fault: `Line ${error.line} is not valid TOML.` };
  }
  const project = table(document.project);
  const tool = table(document.tool);
  const poetry = table(tool.poetry);
  const uv = table(tool.uv);
  const own = ofProject(project, table(document["dependency-groups"]), uv);
  const older = ofPoetry(poetry);
  return {
    project: ifAny(text(project.name), "project.name") ?? older.project,
    python: ifAny(text(project["requires-python"]), "project.requires-python") ?? older.python,
    packages: [...own.packages, ...older.packages],
    indexes: [...own.indexes, ...older.indexes],
    repositories: [...own.repositories, ...older.repositories],
    indexed: [...own.indexed, ...older.indexed],
    folders: [...older.folders, ...ofBackends(tool)],
    isPoetryAlone: Object.keys(project).length === 0 && Object.keys(poetry).length > 0,
  };
};

/**
 * @param {Table} project
 * @param {Table} groups
 * @param {Table} uv
 * @returns {Declared}
 */
const ofProject = (project, groups, uv) => {
  const lists = [
    { list: project.dependencies, at: "project.dependencies", isMain: true },
    ...named(table(project["optional-dependencies"]), "project.optional-dependencies"),
    ...named(groups, "dependency-groups"),
  ];
  const requirements = lists.flatMap(({ list, at, isMain }) =>
    texts(list).map((each) => ({ line: each, at, isMain })),
  );
  const sources = Object.entries(table(uv.sources)).flatMap(([name, source]) =>
    (Array.isArray(source) ? tableList(source) : [table(source)]).map(({ git, index }) => ({
      name,
      git,
      index,
      at: `tool.uv.sources.${name}`,
    })),
  );
  return {
    ...nothing(),
    packages: requirements.flatMap(({ line, at, isMain }) => {
      const value = requirement(line);
      return value ? [{ value, at, isMain }] : [];
    }),
    indexes: indexes(uv.index, "tool.uv.index"),
    repositories: [
      ...requirements.flatMap(({ line, at }) => gitAddress(line, at)),
      ...sources.flatMap(({ git, at }) => (text(git) ? [{ value: text(git), at }] : [])),
    ],
    indexed: sources.flatMap(({ name, index, at }) =>
      text(index) ? [{ value: { package: name, index: text(index) }, at }] : [],
    ),
  };
};

/**
 * Return the lists of packages of a table, such as that of the groups.
 * @param {Table} lists
 * @param {string} at
 */
const named = (lists, at) =>
  Object.entries(lists).map(([name, list]) => ({
    list,
    at: `${at}.${name}`,
    isMain: !DEVELOPMENT.test(name),
  }));

/** @param {TomlValue | undefined} list @param {string} at */
const indexes = (list, at) =>
  tableList(list).map(({ name, url }) => ({ value: { name: text(name), url: text(url) }, at }));

/** @param {Table} poetry @returns {Declared} */
const ofPoetry = (poetry) => {
  const groups = named(table(poetry.group), "tool.poetry.group").map(({ list, at, isMain }) => ({
    list: table(table(list).dependencies),
    at: `${at}.dependencies`,
    isMain,
  }));
  const lists = [
    { list: table(poetry.dependencies), at: "tool.poetry.dependencies", isMain: true },
    ...groups,
    { list: table(poetry["dev-dependencies"]), at: "tool.poetry.dev-dependencies", isMain: false },
  ];
  const entries = lists.flatMap(({ list, at, isMain }) =>
    Object.entries(list)
      .filter(([name]) => name !== "python")
      .map(([name, value]) => ({ name, value: firstTable(value), at, isMain })),
  );
  const [{ list: main, at }] = lists;
  return {
    project: ifAny(text(poetry.name), "tool.poetry.name"),
    python: ifAny(
      poetryRange(text(main.python) || text(table(main.python).version)),
      `${at}.python`,
    ),
    packages: entries.map((each) => ({
      value: { name: normalise(each.name), extras: texts(each.value.extras) },
      at: each.at,
      isMain: each.isMain,
    })),
    indexes: indexes(poetry.source, "tool.poetry.source"),
    repositories: entries.flatMap(({ name, value, at: list }) =>
      text(value.git) ? [{ value: text(value.git), at: `${list}.${name}` }] : [],
    ),
    indexed: entries.flatMap(({ name, value, at: list }) =>
      text(value.source)
        ? [{ value: { package: name, index: text(value.source) }, at: `${list}.${name}` }]
        : [],
    ),
    folders: tableList(poetry.packages).map(({ include, from }) => ({
      value: text(from) ? `${text(from)}/${text(include)}` : text(include),
      at: "tool.poetry.packages",
    })),
  };
};

/** Return the packages that other build backends are told to include. @param {Table} tool */
const ofBackends = (tool) => {
  const wheel = table(table(table(table(table(tool.hatch).build).targets).wheel));
  return [
    ...texts(wheel.packages).map((value) => ({ value, at: "tool.hatch.build.targets.wheel" })),
    ...texts(table(tool.setuptools).packages).map((value) => ({
      value,
      at: "tool.setuptools.packages",
    })),
  ];
};

/**
 * Read a requirements file. Lines that name other files are left out, because a folder has them all.
 * @param {string} content
 * @param {string} path
 * @returns {Declared}
 */
export const readRequirements = (content, path) => {
  const declared = nothing();
  for (const [index, written] of content.split(/\r?\n/).entries()) {
    const at = `line ${index + 1}`;
    const line = written.replace(/(?:^|\s)#.*/, "").trim();
    const url = /^(?:--extra-index-url|--index-url|-i)[ =]+(\S+)/.exec(line)?.[1];
    const value = requirement(line);
    if (url) declared.indexes.push({ value: { name: "", url }, at });
    declared.repositories.push(...gitAddress(line, at));
    if (value && !line.startsWith("-")) {
      declared.packages.push({ value, at, isMain: !DEVELOPMENT.test(path) });
    }
  }
  return declared;
};

/**
 * Read a Pipfile.
 * @param {string} content
 * @returns {Declared}
 */
export const readPipfile = (content) => {
  try {
    const document = parse(content);
    const requires = table(document.requires);
    const [packages, development] = ["packages", "dev-packages"].map((name) =>
      table(document[name]),
    );
    return {
      ...nothing(),
      python: ifAny(
        versionRange(text(requires.python_version) || text(requires.python_full_version)),
        "requires",
      ),
      packages: [
        ...pipfilePackages(packages, "packages", true),
        ...pipfilePackages(development, "dev-packages", false),
      ],
      indexes: indexes(document.source, "source"),
      repositories: Object.entries(packages).flatMap(([name, value]) =>
        text(table(value).git) ? [{ value: text(table(value).git), at: `packages.${name}` }] : [],
      ),
    };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { ...nothing(), fault: `Line ${error.line} is not valid TOML.` };
  }
};

/** @param {Table} packages @param {string} at @param {boolean} isMain */
const pipfilePackages = (packages, at, isMain) =>
  Object.entries(packages).map(([name, value]) => ({
    value: { name: normalise(name), extras: texts(table(value).extras) },
    at,
    isMain,
  }));

/** Return the range of a minor version of Python. @param {string} version */
const versionRange = (version) => {
  const minor = /^\s*(?:[=~]=\s*)?(\d+\.\d+)/.exec(version)?.[1];
  return minor ? `==${minor}.*` : "";
};

/**
 * Return a value with the part of the file that says it, unless it is empty.
 * @param {string} value
 * @param {string} at
 */
const ifAny = (value, at) => (value ? { value, at } : undefined);

/**
 * Poetry can declare a package several times, for different platforms.
 * @param {TomlValue} value
 */
const firstTable = (value) => (Array.isArray(value) ? table(value[0]) : table(value));

/**
 * Read a requirement such as `psycopg[binary]>=3.2`.
 * @param {string} line
 * @returns {Requirement | undefined}
 */
const requirement = (line) => {
  const [, name, extras = ""] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(line) ?? [];
  if (!name || /^[\w+.-]+:\/\//.test(line) || /^git\+/.test(line)) return undefined;
  return {
    name: normalise(name),
    extras: extras
      .split(",")
      .map((each) => each.trim().toLowerCase())
      .filter(Boolean),
  };
};

/** @param {string} line @param {string} at @returns {Evidence<string>[]} */
const gitAddress = (line, at) => {
  const address = /git\+([a-z]+:\/\/[^\s;#"']+)/.exec(line)?.[1];
  return address ? [{ value: address, at }] : [];
};

/**
 * Return a Poetry range, such as ^3.12, as other tools write it. Alternatives stay apart.
 * @param {string} range
 */
export const poetryRange = (range) => range.split(/\|\|?/).map(alternative).join(" || ");

/** @param {string} range */
const alternative = (range) =>
  range
    .split(",")
    .map((each) => {
      if (each.trim().startsWith("~=")) return each.replace(/\s/g, "");
      const [, sign = "", version = ""] = /^([~^]?)=?\s*(\d+(?:\.\d+)*)$/.exec(each.trim()) ?? [];
      const [major, minor] = version.split(".").map(Number);
      if (sign === "^") return `>=${version},<${major + 1}`;
      if (sign === "~") return `>=${version},<${major}.${(minor ?? 0) + 1}`;
      return version ? `==${version}.*` : each.trim();
    })
    .join(",");
