// @ts-check
// Walk uv.lock from what is selected to the packages that are installed.
import { matches } from "./markers.js";
import { includes, includesGroup } from "./selection.js";

/** @typedef {import("./interpreter.js").MarkerEnvironment} MarkerEnvironment */
/** @typedef {import("./project.js").LockedDependency} LockedDependency */
/** @typedef {import("./project.js").LockedPackage} LockedPackage */
/** @typedef {import("./project.js").Project} Project */
/** @typedef {import("./selection.js").Selection} Selection */

/**
 * @typedef {object} Origin Where a project asks for packages.
 * @property {"project" | "dependencies" | "extra" | "group"} kind
 * @property {string} name The name of the extra or the group.
 * @property {string} project
 */

/** @typedef {Origin & { chain: string[] }} Reason The packages from the project to the package. */

/**
 * @typedef {object} Installed
 * @property {string} name
 * @property {string} version Empty if it is unknown.
 * @property {Reason[]} reasons
 */

/** @typedef {{ origin: Origin, dependencies: LockedDependency[] }} Start */

/**
 * The packages of a selection with the reasons for them, sorted by name.
 * @param {Project} project
 * @param {Selection} selection
 * @param {MarkerEnvironment} environment
 * @returns {{ locked: LockedPackage, installed: Installed }[]}
 */
export function resolve(project, selection, environment) {
  const starts = startsOf(project, selection);
  const walker = new Walker(environment, activeConflicts(project, selection));
  walker.activateExtras(starts);
  /** @type {Map<LockedPackage, Reason[]>} */
  const reasons = new Map();
  if (!selection.groups.isOnly) {
    for (const root of selection.target.roots) {
      reasons.set(root, [{ kind: "project", name: "", project: root.name, chain: [] }]);
    }
  }
  for (const { origin, dependencies } of starts) {
    for (const [locked, chain] of walker.chains(dependencies)) {
      reasons.set(locked, [...(reasons.get(locked) ?? []), { ...origin, chain }]);
    }
  }
  return [...reasons]
    .filter(([locked]) => !locked.isVirtual)
    .map(([locked, why]) => {
      const { name, version } = locked;
      return { locked, installed: { name, version, reasons: why } };
    })
    .sort((a, b) => (a.installed.name < b.installed.name ? -1 : 1));
}

/**
 * Everything in a project that asks for a package, whether a command selects it or not.
 * @param {Project} project
 * @param {string} name
 * @param {MarkerEnvironment} environment
 * @returns {Reason[]}
 */
export function origins(project, name, environment) {
  const roots = project.packages.filter((each) => each.folder !== undefined);
  const target = { roots, current: undefined, workspaceRoot: undefined, defaultGroups: [] };
  /** @type {"all"} */
  const all = "all";
  const choice = { included: all, excluded: [], named: [] };
  const groups = { ...choice, isOnly: false, isDefault: () => false };
  const found = resolve(project, { target, groups, extras: choice }, environment);
  return found.find(({ installed }) => installed.name === name)?.installed.reasons ?? [];
}

/**
 * @param {Project} project
 * @param {Selection} selection
 * @returns {Start[]}
 */
function startsOf(project, selection) {
  const { target, groups, extras } = selection;
  const { roots, current, workspaceRoot } = target;
  /** @type {Start[]} */
  const starts = [];
  /**
   * @param {Origin["kind"]} kind
   * @param {string} name
   * @param {LockedPackage | undefined} owner
   * @param {LockedDependency[]} dependencies
   */
  const add = (kind, name, owner, dependencies) =>
    starts.push({ origin: { kind, name, project: owner?.name ?? "" }, dependencies });
  for (const root of groups.isOnly ? [] : roots) {
    add("dependencies", "", root, root.dependencies);
    for (const [name, dependencies] of root.extras) {
      if (includes(extras, name)) add("extra", name, root, dependencies);
    }
  }
  const owners = current && workspaceRoot ? new Set([...roots, workspaceRoot]) : roots;
  for (const owner of owners) {
    for (const [name, dependencies] of owner.groups) {
      if (includesGroup(project, selection, owner, name)) add("group", name, owner, dependencies);
    }
  }
  if (!current && !groups.isOnly) add("dependencies", "", undefined, project.requirements);
  for (const [name, dependencies] of project.groups) {
    if (includesGroup(project, selection, undefined, name)) {
      add("group", name, undefined, dependencies);
    }
  }
  return starts;
}

/**
 * The names by which markers mention the selected parts of projects that have conflicts.
 * @param {Project} project
 * @param {Selection} selection
 */
function activeConflicts(project, selection) {
  /** @type {Set<string>} */
  const active = new Set();
  if (!project.conflicts.length) return active;
  const { roots, workspaceRoot } = selection.target;
  for (const root of selection.groups.isOnly ? [] : roots) {
    active.add(conflictName("project", root.name));
    for (const name of root.extras.keys()) {
      if (includes(selection.extras, name)) active.add(conflictName("extra", root.name, name));
    }
  }
  for (const owner of workspaceRoot ? [...roots, workspaceRoot] : roots) {
    for (const name of owner.groups.keys()) {
      if (includesGroup(project, selection, owner, name)) {
        active.add(conflictName("group", owner.name, name));
      }
    }
  }
  return active;
}

/**
 * The extra that stands in a marker of uv.lock for a project, one of its extras or its groups.
 * @param {"project" | "extra" | "group"} kind
 * @param {string} project
 * @param {string[]} name
 */
const conflictName = (kind, project, ...name) => [kind, project.length, project, ...name].join("-");

class Walker {
  /** @type {Map<string, boolean>} */
  results = new Map();

  /**
   * @param {MarkerEnvironment} environment
   * @param {Set<string>} active
   */
  constructor(environment, active) {
    this.environment = environment;
    this.active = active;
    this.hasConflicts = active.size > 0;
  }

  /**
   * Find the extras that dependencies bring, because markers can depend on them.
   * @param {Start[]} starts
   */
  activateExtras(starts) {
    let before = -1;
    while (this.hasConflicts && before < this.active.size) {
      before = this.active.size;
      for (const { dependencies } of starts) this.chains(dependencies, true);
      this.results.clear();
    }
  }

  /**
   * Each package that dependencies bring, with the shortest chain of names to it.
   * @param {LockedDependency[]} dependencies
   * @param {boolean} activates
   */
  chains(dependencies, activates = false) {
    /** @type {Map<LockedPackage, string[]>} */
    const chains = new Map();
    /** @type {Map<LockedPackage, Set<string>>} */
    const seen = new Map();
    /** @type {{ dependencies: LockedDependency[], chain: string[] }[]} */
    const queue = [{ dependencies, chain: [] }];
    for (const { dependencies, chain } of queue) {
      for (const each of dependencies) {
        const locked = this.follow(each, activates);
        if (!locked) continue;
        const longer = [...chain, locked.name];
        if (!chains.has(locked)) chains.set(locked, longer);
        const parts = seen.get(locked) ?? new Set();
        seen.set(locked, parts);
        for (const part of ["", ...each.extras]) {
          if (parts.has(part)) continue;
          parts.add(part);
          const next = part ? locked.extras.get(part) : locked.dependencies;
          if (next?.length) queue.push({ dependencies: next, chain: longer });
        }
      }
    }
    return chains;
  }

  /**
   * The package that a dependency means in this environment.
   * @param {LockedDependency} dependency
   * @param {boolean} activates
   */
  follow({ name, marker, extras, packages }, activates) {
    const own = this.hasConflicts ? extras.map((each) => conflictName("extra", name, each)) : [];
    const isNeeded = activates
      ? !marker || matches(marker, this.environment, new Set([...this.active, ...own]))
      : this.holds(marker);
    if (!isNeeded) return undefined;
    if (activates) for (const each of own) this.active.add(each);
    if (packages.length < 2) return packages[0];
    const fits = packages.find(({ markers }) => markers.some((each) => this.holds(each)));
    return fits ?? packages[0];
  }

  /** @param {string} marker */
  holds(marker) {
    if (!marker) return true;
    const known = this.results.get(marker);
    if (known !== undefined) return known;
    const result = matches(marker, this.environment, this.active);
    this.results.set(marker, result);
    return result;
  }
}
