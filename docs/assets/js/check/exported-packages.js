// @ts-check
// What the output of `uv export` depends on. An export of the same packages is the same file, even
// if the project's version, a linter setting or an unrelated dependency has changed.

import { parse, TomlError } from "../vendor/smol-toml.js";

/** @typedef {{ [key: string]: import("../vendor/smol-toml.js").TomlValue }} Table */
/** @typedef {{ name: string, marker?: string, extra?: string[], version?: string, source?: Table }} Dependency */

// Options without an effect on the exported packages, and options that only concern their lines.
const NEUTRAL = new Set(
  [
    "--locked --frozen --offline --quiet -q --no-progress --no-cache -n --no-python-downloads",
    "--no-header --no-annotate --no-hashes --no-emit-project --no-emit-workspace --no-emit-local",
    "--no-editable --no-config --all-groups --all-extras --no-default-groups --dev --no-dev",
    "--only-dev export",
  ].flatMap((line) => line.split(" ")),
);
const WITH_VALUE = new Set(
  [
    "--group --only-group --no-group --extra --no-extra --format --output-file -o --python -p",
    "--directory --project --no-emit-package --cache-dir >",
  ].flatMap((line) => line.split(" ")),
);

/**
 * Read the words behind `uv`. Return undefined if this is no `uv export`, or one with an option
 * that is not understood here.
 * @param {string[]} words
 */
export const readExport = (words) => {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  const rest = [...words];
  while (rest.length > 0) {
    const [name, attached] = (rest.shift() ?? "").split(/=(.*)/s);
    const takesValue = WITH_VALUE.has(name);
    if (!takesValue && !NEUTRAL.has(name)) return undefined;
    const value = takesValue ? (attached ?? rest.shift() ?? "") : "";
    options.set(name, [...(options.get(name) ?? []), value]);
  }
  return options.has("export") ? options : undefined;
};

/**
 * Return a text that is the same for every lockfile from which these options export the same file.
 * Return undefined if the files are not understood.
 * @param {string} pyproject
 * @param {string} lockfile
 * @param {ReadonlyMap<string, string[]>} options From `readExport`.
 * @param {ReadonlyMap<string, string>} variables Those that uv sees.
 */
export const exportContent = (pyproject, lockfile, options, variables) => {
  try {
    const project = parse(pyproject);
    const lock = parse(lockfile);
    const packages = /** @type {Table[]} */ (lock.package ?? []);
    const root = packages.find((each) => isRoot(/** @type {Table} */ (each.source)));
    if (!root || [...variables.keys()].some((name) => /^UV_.*(?:GROUP|DEV)/.test(name))) {
      return undefined;
    }
    const start = requested(root, selectedGroups(project, root, options), options);
    const notes = options.has("--no-annotate") ? [] : [root.name, packages];
    const asked = [...new Set(start.map((each) => JSON.stringify(each)))].sort();
    const markers = [lock["requires-python"], lock["resolution-markers"]];
    return JSON.stringify([asked, reachable(start, packages, root), notes, markers]);
  } catch (error) {
    if (error instanceof TomlError || error instanceof TypeError) return undefined;
    throw error;
  }
};

/** @param {Table} source */
const isRoot = (source) => source.virtual === "." || source.editable === ".";

/**
 * @param {Table} project
 * @param {Table} root
 * @param {ReadonlyMap<string, string[]>} options
 * @returns {string[]}
 */
const selectedGroups = (project, root, options) => {
  const every = Object.keys(/** @type {Table} */ (root["dev-dependencies"] ?? {}));
  /** @param {string} name @param {string[]} groups */
  const when = (name, groups) => (options.has(name) ? groups : []);
  const hasNoDefaults = isOnly(options) || options.has("--no-default-groups");
  const asked = [
    ...(hasNoDefaults ? [] : defaultGroups(project, every)),
    ...(options.get("--group") ?? []),
    ...(options.get("--only-group") ?? []),
    ...when("--dev", ["dev"]),
    ...when("--only-dev", ["dev"]),
    ...when("--all-groups", every),
  ].map(normalised);
  const excluded = [...(options.get("--no-group") ?? []), ...when("--no-dev", ["dev"])];
  const refused = new Set(excluded.map(normalised));
  return [...new Set(asked)].filter((group) => !refused.has(group)).sort();
};

/** @param {ReadonlyMap<string, string[]>} options */
const isOnly = (options) => options.has("--only-group") || options.has("--only-dev");

/** @param {Table} project @param {string[]} every */
const defaultGroups = (project, every) => {
  const tool = /** @type {{ uv?: { "default-groups"?: string[] | "all" } }} */ (project.tool ?? {});
  const groups = tool.uv?.["default-groups"] ?? ["dev"];
  return groups === "all" ? every : groups;
};

/** @param {string} name */
const normalised = (name) => name.toLowerCase().replace(/[-_.]+/g, "-");

/**
 * @param {Table} root
 * @param {string[]} groups
 * @param {ReadonlyMap<string, string[]>} options
 * @returns {Dependency[]}
 */
const requested = (root, groups, options) => {
  const optional = /** @type {Record<string, Dependency[]>} */ (
    root["optional-dependencies"] ?? {}
  );
  const grouped = /** @type {Record<string, Dependency[]>} */ (root["dev-dependencies"] ?? {});
  const extras = options.has("--all-extras")
    ? Object.keys(optional)
    : (options.get("--extra") ?? []).map(normalised);
  const wanted = extras.filter((each) => !options.get("--no-extra")?.includes(each));
  return [
    ...(isOnly(options) ? [] : /** @type {Dependency[]} */ (root.dependencies ?? [])),
    ...(isOnly(options) ? [] : wanted.flatMap((each) => optional[each] ?? [])),
    ...groups.flatMap((each) => grouped[each] ?? []),
  ];
};

/**
 * Return the packages that the dependencies lead to, as the lockfile describes them.
 * @param {Dependency[]} start
 * @param {Table[]} packages
 * @param {Table} root
 */
const reachable = (start, packages, root) => {
  const seen = new Set();
  const included = new Set();
  const queue = [...start];
  for (let dependency = queue.pop(); dependency; dependency = queue.pop()) {
    for (const [each, key] of parts(dependency, packages)) {
      const id = `${packages.indexOf(each)} ${key}`;
      if (seen.has(id) || (each === root && key === "")) continue;
      seen.add(id);
      included.add(each);
      queue.push(...requirements(each, key));
    }
  }
  return packages.filter((each) => included.has(each) && each !== root);
};

/**
 * Return the locked packages that a dependency can mean, each also with each of the extras.
 * @param {Dependency} dependency
 * @param {Table[]} packages
 * @returns {[Table, string][]}
 */
const parts = ({ name, version, extra = [] }, packages) =>
  packages
    .filter((each) => each.name === name && (version === undefined || each.version === version))
    .flatMap((each) => ["", ...extra].map((key) => /** @type {[Table, string]} */ ([each, key])));

/** @param {Table} locked @param {string} extra @returns {Dependency[]} */
const requirements = (locked, extra) => {
  if (extra === "") return /** @type {Dependency[]} */ (locked.dependencies ?? []);
  const optional = /** @type {Record<string, Dependency[]>} */ (
    locked["optional-dependencies"] ?? {}
  );
  return optional[extra] ?? [];
};
