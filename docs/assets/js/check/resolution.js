// @ts-check
// Walk uv.lock from what is selected to the packages that are installed.
import { matches } from "./markers.js";
import { includes, includesGroup } from "./selection.js";

/**
 * @typedef {object} Part A list of dependencies: a project's own, or those of an extra or a group.
 * @property {LockOwner} owner
 * @property {"dependencies" | "extra" | "group"} kind
 * @property {string} name
 * @property {LockedDependency[]} dependencies
 */

/**
 * Return the packages of a selection with the reasons for them, sorted by name.
 * @param {LockedProject} project
 * @param {InstallSelection} selection
 * @param {MarkerEnvironment} environment
 * @returns {{ locked: LockedPackage, installed: InstalledPackage }[]}
 */
export function resolve(project, selection, environment) {
  const parts = selectedParts(project, selection);
  const walker = new Walker(environment, project.conflicts.length ? parts : []);
  /** @type {Map<LockedPackage, PackageReason[]>} */
  const reasons = new Map();
  for (const root of selection.groups.isOnly ? [] : selection.target.roots) {
    reasons.set(root, [projectReason(root)]);
  }
  for (const { owner, kind, name, dependencies } of parts) {
    for (const [locked, chain] of walker.chains(dependencies)) {
      const reason = { kind, name, project: owner.name, chain };
      reasons.set(locked, [...(reasons.get(locked) ?? []), reason]);
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
 * Return the parts of uv.lock that an export of a selection depends on, for all environments. The
 * versions of the projects themselves are not among them.
 * @param {LockedProject} project
 * @param {InstallSelection} selection
 * @param {boolean} isAnnotated Whether the export says which packages need each package.
 */
export function lockedContent(project, selection, isAnnotated) {
  const walker = new Walker(undefined, []);
  const parts = selectedParts(project, selection);
  const reached = parts.flatMap(({ dependencies }) => [...walker.chains(dependencies).keys()]);
  const packages = isAnnotated ? project.packages : reached.filter(({ folder }) => !folder);
  return {
    entries: [...new Set(packages)].map(({ entry }) => entry),
    dependencies: [...walker.followed].map(({ name, marker, extras }) => [name, marker, extras]),
    supported: project.supported,
  };
}

/**
 * Return the reason for a project itself.
 * @param {LockedPackage} locked
 * @returns {PackageReason}
 */
export const projectReason = ({ name }) => ({
  kind: "project",
  name: "",
  project: name,
  chain: [],
});

/**
 * Return every part of a project that asks for a package, even if no command selects that part.
 * @param {LockedProject} project
 * @param {string} name
 * @param {MarkerEnvironment} environment
 * @returns {PackageReason[]}
 */
export function origins(project, name, environment) {
  const roots = project.packages.filter((each) => each.folder !== undefined);
  /** @type {"all"} */
  const all = "all";
  const choice = { included: all, excluded: [], named: [] };
  const everything = {
    target: { roots, current: undefined, workspaceRoot: undefined },
    groups: { ...choice, isOnly: false, isDefault: () => false },
    extras: choice,
  };
  const found = resolve(project, everything, environment);
  return found.find(({ installed }) => installed.name === name)?.installed.reasons ?? [];
}

/**
 * @param {LockedProject} project
 * @param {InstallSelection} selection
 */
function selectedParts(project, selection) {
  const { roots, current, workspaceRoot } = selection.target;
  const inherited = current && workspaceRoot ? [workspaceRoot] : [];
  /** @type {Set<LockOwner>} */
  const owners = new Set([...roots, ...inherited, project.manifest]);
  /** @param {Part} part */
  const isSelected = ({ owner, kind, name }) => {
    if (kind === "group") return includesGroup(project, selection, owner, name);
    const isRoot = owner === project.manifest || roots.some((root) => root === owner);
    if (!isRoot || selection.groups.isOnly) return false;
    return kind === "dependencies" || includes(selection.extras, name);
  };
  return [...owners].flatMap(partsOf).filter(isSelected);
}

/**
 * @param {LockOwner} owner
 * @returns {Part[]}
 */
function partsOf(owner) {
  return [
    { owner, kind: "dependencies", name: "", dependencies: owner.dependencies },
    ...listed(owner, "extra", owner.extras),
    ...listed(owner, "group", owner.groups),
  ];
}

/**
 * @param {LockOwner} owner
 * @param {Part["kind"]} kind
 * @param {Map<string, LockedDependency[]>} lists
 * @returns {Part[]}
 */
const listed = (owner, kind, lists) =>
  [...lists].map(([name, dependencies]) => ({ owner, kind, name, dependencies }));

/**
 * Return the name by which markers in uv.lock refer to a project, an extra or a group.
 * @param {"project" | "extra" | "group"} kind
 * @param {string} project
 * @param {string[]} name
 */
const conflictName = (kind, project, ...name) => [kind, project.length, project, ...name].join("-");

class Walker {
  /** @type {Map<string, boolean>} */
  results = new Map();
  /** @type {Set<string>} */
  active = new Set();
  /** @type {Set<LockedDependency>} */
  followed = new Set();

  /**
   * @param {MarkerEnvironment | undefined} environment Undefined stands for all environments.
   * @param {Part[]} conflicting The selected parts, if the project declares conflicts.
   */
  constructor(environment, conflicting) {
    this.environment = environment;
    this.hasConflicts = conflicting.length > 0;
    for (const { owner, kind, name } of conflicting) {
      const active =
        kind === "dependencies"
          ? conflictName("project", owner.name)
          : conflictName(kind, owner.name, name);
      this.active.add(active);
    }
    this.activateExtras(conflicting);
  }

  /**
   * Find the extras that dependencies bring, because markers can depend on them.
   * @param {Part[]} parts
   */
  activateExtras(parts) {
    let before = -1;
    while (before < this.active.size) {
      before = this.active.size;
      for (const { dependencies } of parts) this.chains(dependencies, true);
    }
  }

  /**
   * Return each package that dependencies bring, with the shortest chain of names to it.
   * @param {LockedDependency[]} dependencies
   * @param {boolean} activates
   */
  chains(dependencies, activates = false) {
    /** @type {Map<LockedPackage, string[]>} */
    const chains = new Map();
    /** @type {Map<LockedPackage, Set<string>>} */
    const seen = new Map();
    /** @type {{ dependency: LockedDependency, chain: string[] }[]} */
    const queue = dependencies.map((dependency) => ({ dependency, chain: [] }));
    for (const { dependency, chain } of queue) {
      for (const locked of this.follow(dependency, activates)) {
        const longer = [...chain, locked.name];
        if (!chains.has(locked)) chains.set(locked, longer);
        const next = unseen(locked, dependency.extras, seen);
        queue.push(...next.map((each) => ({ dependency: each, chain: longer })));
      }
    }
    return chains;
  }

  /**
   * Return the package that a dependency means in this environment, or in any environment.
   * @param {LockedDependency} dependency
   * @param {boolean} activates
   * @returns {LockedPackage[]}
   */
  follow(dependency, activates) {
    const { name, marker, extras, packages } = dependency;
    this.followed.add(dependency);
    if (!this.environment) return packages;
    const own = this.hasConflicts ? extras.map((each) => conflictName("extra", name, each)) : [];
    const isNeeded = activates
      ? !marker || matches(marker, this.environment, new Set([...this.active, ...own]))
      : this.holds(marker);
    if (!isNeeded) return [];
    if (activates) for (const each of own) this.active.add(each);
    if (packages.length < 2) return packages;
    const fits = packages.find(({ markers }) => markers.some((each) => this.holds(each)));
    return [fits ?? packages[0]];
  }

  /** @param {string} marker */
  holds(marker) {
    if (!marker || !this.environment) return true;
    const known = this.results.get(marker);
    if (known !== undefined) return known;
    const result = matches(marker, this.environment, this.active);
    this.results.set(marker, result);
    return result;
  }
}

/**
 * Return the dependencies of a package and of its extras that were not followed before.
 * @param {LockedPackage} locked
 * @param {string[]} extras
 * @param {Map<LockedPackage, Set<string>>} seen
 */
function unseen(locked, extras, seen) {
  const before = seen.get(locked) ?? new Set();
  const parts = ["", ...extras].filter((part) => !before.has(part));
  seen.set(locked, new Set([...before, ...parts]));
  return parts.flatMap((part) => (part ? locked.extras.get(part) : locked.dependencies) ?? []);
}
