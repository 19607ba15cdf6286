// @ts-check
// Whether uv.lock is out of date. Only differences that are certain count: uv compares more.
import { satisfies } from "../vendor/pep440.js";
import { normalise } from "./markers.js";
import { table, tableList, text, texts } from "./toml.js";

/** @typedef {import("./toml.js").Table} Table */

// A version specifier that uv writes into the lockfile as it is.
const PLAIN = /^(?:==|!=|<=|>=|<|>)\d+(?:\.\d+)*$/;
const REQUIREMENT = /^\s*([A-Za-z\d][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)/;

/**
 * Return a difference between uv.lock and a pyproject.toml, as a clause about uv.lock.
 * @param {ReadonlyMap<string, Table>} pyprojects The parsed files by their folder.
 * @param {Table} lock
 * @returns {string | undefined}
 */
export function difference(pyprojects, lock) {
  for (const [folder, pyproject] of pyprojects) {
    const project = table(pyproject.project);
    const locked = tableList(lock.package).find(({ source }) => isIn(table(source), folder));
    const name = text(project.name);
    if (!name) continue;
    if (!locked) return `it does not contain ${name}`;
    const found =
      nameOrVersion(project, locked) ??
      python(project, lock) ??
      requirements(project, locked) ??
      groups(pyproject, locked);
    if (found) return found;
  }
  return undefined;
}

/**
 * @param {Table} source
 * @param {string} folder
 */
const isIn = (source, folder) => source.virtual === folder || source.editable === folder;

/**
 * @param {Table} project
 * @param {Table} locked
 */
function nameOrVersion(project, locked) {
  const [name, version] = [text(project.name), text(project.version)];
  if (normalise(name) !== text(locked.name)) return `it calls the project ${text(locked.name)}`;
  const recorded = text(locked.version);
  const isSame = satisfies(version, `==${recorded}`, { prereleases: true });
  if (!version || !recorded || isSame) return undefined;
  return `it has version ${recorded} of ${name}`;
}

/**
 * @param {Table} project
 * @param {Table} lock
 */
function python(project, lock) {
  const [required, locked] = [project, lock].map((each) => text(each["requires-python"]).trim());
  const isComparable = PLAIN.test(required) && PLAIN.test(locked) && !table(lock.manifest).members;
  return isComparable && required !== locked ? `it is for Python ${locked}` : undefined;
}

/**
 * @param {Table} project
 * @param {Table} locked
 */
function requirements(project, locked) {
  const metadata = table(locked.metadata);
  const dynamic = texts(project.dynamic);
  const isDynamic = dynamic.includes("dependencies") || dynamic.includes("optional-dependencies");
  if (isDynamic || !("requires-dist" in metadata)) return undefined;
  const extras = Object.values(table(project["optional-dependencies"])).flatMap(texts);
  return compare([...texts(project.dependencies), ...extras], tableList(metadata["requires-dist"]));
}

/**
 * @param {Table} pyproject
 * @param {Table} locked
 */
function groups(pyproject, locked) {
  const metadata = table(locked.metadata);
  const recorded = table(metadata["requires-dev"]);
  const declared = table(pyproject["dependency-groups"]);
  if (!("requires-dev" in metadata) || table(table(pyproject.tool).uv)["dev-dependencies"]) {
    return undefined;
  }
  for (const name of Object.keys(declared)) {
    const list = recorded[normalise(name)];
    if (list === undefined) return `it has no group ${name}`;
    const found = compare(flattened(declared, name, []), tableList(list));
    if (found) return found;
  }
  return undefined;
}

/**
 * Return the requirements of a group and of the groups that it includes.
 * @param {Table} declared
 * @param {string} name
 * @param {string[]} above The groups that include it.
 * @returns {string[]}
 */
function flattened(declared, name, above) {
  const key = Object.keys(declared).find((each) => normalise(each) === normalise(name));
  if (key === undefined || above.includes(key)) return [];
  const list = declared[key];
  const included = tableList(list).map((each) => text(each["include-group"]));
  return [
    ...texts(list),
    ...included.filter(Boolean).flatMap((each) => flattened(declared, each, [...above, key])),
  ];
}

/**
 * @param {string[]} declared The requirements in pyproject.toml.
 * @param {Table[]} locked The requirements in uv.lock.
 */
function compare(declared, locked) {
  const wanted = declared.map(readRequirement);
  const names = new Set(wanted.map(({ name }) => name));
  for (const { name, specifier } of wanted) {
    const [same, ...others] = locked.filter((each) => each.name === name);
    if (!same) return `it does not contain the requirement ${name}`;
    const isSingle = !others.length && wanted.filter((each) => each.name === name).length === 1;
    if (isSingle && differs(specifier, text(same.specifier))) {
      return `it has ${name}${text(same.specifier)}`;
    }
  }
  const extra = locked.find((each) => !names.has(text(each.name)));
  return extra && `it still contains the requirement ${text(extra.name)}`;
}

/** @param {string} text */
function readRequirement(text) {
  const [, name = "", specifier = ""] = text.match(REQUIREMENT) ?? [];
  return { name: normalise(name), specifier };
}

/**
 * @param {string} declared
 * @param {string} locked
 */
function differs(declared, locked) {
  const [ours, theirs] = [declared, locked].map((each) =>
    each.replace(/\s/g, "").split(",").filter(Boolean).sort(),
  );
  const isPlain = [...ours, ...theirs].every((each) => PLAIN.test(each));
  return isPlain && theirs.length > 0 && ours.join() !== theirs.join();
}
