// @ts-check
// Read pyproject.toml and uv.lock. What has an unexpected type is left out.
import { parse, TomlError } from "../vendor/smol-toml.js";
import { difference } from "./freshness.js";
import { normalise } from "./markers.js";
import { table, tableList, text, texts } from "./toml.js";

/** @typedef {import("./toml.js").TomlValue} TomlValue */
/** @typedef {import("./toml.js").Table} Table */

/**
 * Read the files of a project or workspace, keyed by their path. The root has uv.lock.
 * @param {Record<string, string>} files
 * @returns {{ project: LockedProject, problem?: undefined } | { problem: string, project?: undefined }}
 */
export function readProject(files) {
  for (const path of ["pyproject.toml", "uv.lock"]) {
    if (files[path] === undefined) return { problem: `${path} is missing.` };
  }
  let path = "uv.lock";
  try {
    const lock = parse(files[path]);
    /** @type {Map<string, Table>} */
    const tables = new Map();
    for (path of Object.keys(files)) {
      const folder = path.match(/^(?:(.*)\/)?pyproject\.toml$/);
      if (folder) tables.set(folder[1] ?? ".", parse(files[path]));
    }
    const folders = new Map([...tables].map(([folder, each]) => [folder, readMember(each)]));
    return { project: { folders, outdated: difference(tables, lock), ...readLock(lock) } };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { problem: `${path} is not valid TOML on line ${error.line}.` };
  }
}

/**
 * Return the dependency groups of a pyproject.toml, and which of them are installed by default.
 * @param {Table} pyproject
 * @returns {ProjectMember}
 */
export function readMember(pyproject) {
  const uv = table(table(pyproject.tool).uv);
  const groups = Object.keys(table(pyproject["dependency-groups"])).map(normalise);
  if (uv["dev-dependencies"]) groups.push("dev");
  const defaults = uv["default-groups"];
  const listed = Array.isArray(defaults) ? texts(defaults).map(normalise) : ["dev"];
  return {
    defaultGroups: defaults === "all" ? "all" : listed,
    hasDefaultGroups: defaults !== undefined,
    groups: new Set(groups),
  };
}

/** @param {Table} lock */
function readLock(lock) {
  const tables = tableList(lock.package).filter((each) => text(each.name));
  const packages = tables.map(readPackage);
  /** @type {Map<string, { locked: LockedPackage, source: string }[]>} */
  const byName = new Map();
  packages.forEach((locked, at) => {
    const source = JSON.stringify(tables[at].source);
    byName.set(locked.name, [...(byName.get(locked.name) ?? []), { locked, source }]);
  });
  /**
   * @param {TomlValue | undefined} list
   * @returns {LockedDependency[]}
   */
  const dependencies = (list) =>
    tableList(list).map((each) => {
      const name = text(each.name);
      const candidates = (byName.get(name) ?? []).filter(
        ({ locked, source }) =>
          (each.version === undefined || each.version === locked.version) &&
          (each.source === undefined || JSON.stringify(each.source) === source),
      );
      return {
        name,
        marker: text(each.marker),
        extras: texts(each.extra ?? each.extras),
        packages: candidates.map(({ locked }) => locked),
      };
    });
  /** @param {TomlValue | undefined} lists */
  const byKey = (lists) =>
    new Map(Object.entries(table(lists)).map(([key, list]) => [key, dependencies(list)]));
  packages.forEach((locked, at) => {
    locked.dependencies = dependencies(tables[at].dependencies);
    locked.extras = byKey(tables[at]["optional-dependencies"]);
    locked.groups = byKey(tables[at]["dev-dependencies"]);
  });
  const manifest = table(lock.manifest);
  return {
    packages,
    members: new Set(texts(manifest.members)),
    manifest: {
      name: "",
      dependencies: dependencies(manifest.requirements),
      extras: new Map(),
      groups: byKey(manifest["dependency-groups"]),
    },
    conflicts: readConflicts(lock.conflicts),
    supported: [lock["requires-python"], lock["resolution-markers"], lock["supported-markers"]],
  };
}

/**
 * @param {Table} each
 * @returns {LockedPackage}
 */
function readPackage(each) {
  const source = table(each.source);
  const folder = source.virtual ?? source.editable ?? source.directory;
  const metadata = table(each.metadata);
  return {
    entry: each,
    name: text(each.name),
    version: text(each.version),
    folder: folder === undefined ? undefined : text(folder),
    isVirtual: "virtual" in source,
    isLocal: folder !== undefined || "path" in source,
    markers: texts(each["resolution-markers"]),
    dependencies: [],
    extras: new Map(),
    groups: new Map(),
    declaredExtras: new Set([
      ...texts(metadata["provides-extras"]),
      ...Object.keys(table(each["optional-dependencies"])),
    ]),
    declaredGroups: new Set([
      ...Object.keys(table(metadata["requires-dev"])),
      ...Object.keys(table(each["dev-dependencies"])),
    ]),
  };
}

/** @param {TomlValue | undefined} sets */
function readConflicts(sets) {
  return (Array.isArray(sets) ? sets : []).map((set) =>
    tableList(set).map((each) => ({
      package: text(each.package),
      ...(each.extra === undefined ? {} : { extra: text(each.extra) }),
      ...(each.group === undefined ? {} : { group: text(each.group) }),
    })),
  );
}
