// @ts-check
// The name of a project, its version of Python, and the folders with its code.

import { clean, parent } from "../../check/paths.js";
import { satisfies, valid } from "../../vendor/pep440.js";
import { fact, note } from "./evidence.js";
import { isManage } from "./files.js";
import {
  importedModules,
  isForDevelopment,
  nestedApps,
  otherFolders,
  productionModule,
  settingsApp,
  settingsModule,
  sourceFolders,
  staticFolders,
} from "./settings.js";
import { requiredVariables } from "./variables.js";

/** @typedef {import("./evidence.js").Project} Project */
/** @typedef {import("./evidence.js").Reading} Reading */
/** @typedef {NonNullable<ReturnType<typeof settingsModule>>} SettingsModule */

const PROJECT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** The name of the project, and those of its Python packages. @param {Project} project */
export const names = (project) => {
  const { paths, root, texts } = project;
  const module = mainModule(project);
  const settings = packageOf(module);
  const base = module?.folder ?? folderOfManage(paths, root);
  const modules = importedModules(texts).map(({ value }) => value);
  const folders = sourceFolders(paths, base, modules);
  const origin = besideManage(paths, base, folders, module);
  const siblings = folders.filter((name) => name !== settings);
  const isSrc = isSrcLayout(project);
  const packages = isSrc ? nestedApps(paths, clean(`${base}/${settings}`)) : siblings;
  const reason = whyWhole(texts, settings, packages, isSrc);
  const whole = isSrc ? [settings] : packages;
  const statics = staticFolders(project, base, folders, {
    whole: reason ? whole : [],
    copied: isSrc ? [] : [settings],
  }).map((path) => (isSrc ? `src/${path}` : path));
  const apps = ifAny("packages", packages, origin);
  return {
    facts: [
      ...projectName(project),
      ...settingsFacts(module),
      ...(isSrc ? [] : codeFolder(project, base, origin)),
      ...(apps.length > 0 ? apps : declaredFolders(project, settings)),
      ...middlewarePackage(paths, clean(`${base}/${settings}`), packages, isSrc),
      ...requiredVariables(texts),
      ...ifAny("static", statics, reason ?? origin),
      ...ifAny("folders", otherFolders(project, base), origin),
    ],
    notes: [
      ...developmentSettings(module),
      ...outside(project, siblings, settings, origin),
      ...(reason ? [wholeApps(reason)] : []),
    ],
  };
};

/** @param {SettingsModule | undefined} module */
const settingsFacts = (module) => {
  if (!module) return [];
  const settings = packageOf(module);
  return [
    fact("settings", settings, module),
    ...(module.value === `${settings}.settings` ? [] : [fact("module", module.value, module)]),
  ];
};

/**
 * Return what Django imports of the apps before `collectstatic`, beyond their `__init__.py`. If the
 * package with the settings is an app, it has models, which can import those of other apps.
 * @param {Project["texts"]} texts
 * @param {string} settings
 * @param {string[]} packages
 * @param {boolean} isSrc
 */
const whyWhole = (texts, settings, packages, isSrc) => {
  const imported = importedModules(texts).find(({ value }) =>
    packages.some(isNeeded(value, settings, isSrc)),
  );
  if (imported || isSrc || packages.length === 0) return imported;
  return settingsApp(texts, settings);
};

/** @param {string} id @param {string[]} values @param {import("./evidence.js").Origin} origin */
const ifAny = (id, values, origin) => (values.length > 0 ? [fact(id, values, origin)] : []);

/** Return the name that a file gives the project, or else that of its folder. @param {Project} project */
const projectName = ({ declared, folder, paths, root }) => {
  const named = declared.find((each) => each.project);
  if (named?.project) {
    return [fact("project", named.project.value, { file: named.file, at: named.project.at })];
  }
  if (!PROJECT_NAME.test(folder)) return [];
  const file = paths.find((path) => parent(path) === root) ?? paths[0];
  return [fact("project", folder, { file, at: "its folder" })];
};

/**
 * Return where the folders with code are.
 * @param {string[]} paths
 * @param {string} base
 * @param {string[]} folders
 * @param {ReturnType<typeof settingsModule>} module
 */
const besideManage = (paths, base, folders, module) => {
  const manage = paths.find((path) => isManage(path) && parent(path) === base);
  const file = manage ?? module?.file;
  if (file !== undefined) return { file, at: "the folders beside it" };
  const source = paths.find((path) => path.startsWith(clean(`${base}/${folders[0]}/`)));
  return { file: source ?? paths[0] ?? "", at: "its folder" };
};

/**
 * Return whether Django needs a package for a module.
 * @param {string} module
 * @param {string} settings
 * @param {boolean} isSrc
 * @returns {(name: string) => boolean}
 */
const isNeeded = (module, settings, isSrc) => (name) =>
  isPartOf(module, name) || (isSrc && isPartOf(module, `${settings}.${name}`, true));

/**
 * Whether a module is a package or in it. Of an app inside the settings package, only its modules
 * are, because INSTALLED_APPS always names such an app by a dotted path.
 * @param {string} module
 * @param {string} name
 */
const isPartOf = (module, name, isNested = false) =>
  module.startsWith(`${name}.`) || (!isNested && module === name);

/** Say why `collectstatic` needs the apps with all of their files. @param {import("./evidence.js").Origin & { value: string }} reason */
const wholeApps = (reason) =>
  note(
    `To collect the static files, Django imports \`${reason.value}\`, which needs more of your apps than \`__init__.py\`. The Dockerfile therefore copies your apps whole before \`collectstatic\`, which runs again after each edit of an app.`,
    reason,
  );

/**
 * Return the settings module of production, or else the one that manage.py names.
 * @param {Project} project
 * @returns {SettingsModule | undefined}
 */
const mainModule = (project) => {
  const { paths, root, texts } = project;
  const own = settingsModule(texts);
  const folder = own?.folder ?? folderOfManage(paths, root);
  const production = productionModule(project, folder);
  const isSame = own === undefined || packageOf(own) === packageOf(production);
  if (production === undefined || !isSame || production.value === own?.value) return own;
  return { ...production, folder };
};

/** @param {{ value: string } | undefined} module */
const packageOf = (module) => module?.value.split(".")[0] ?? "";

/**
 * Return the folder with manage.py, if it is not that of the project.
 * @param {Project} project
 * @param {string} base
 * @param {import("./evidence.js").Origin} origin
 */
const codeFolder = ({ root }, base, origin) => {
  const inside = root === "" ? "" : `${root}/`;
  return base.startsWith(inside) && base !== root && base !== ""
    ? [fact("code", base.slice(inside.length), origin)]
    : [];
};

/**
 * Return the package that gets the middleware, if the package with the settings has modules with
 * the same name.
 * @param {string[]} paths
 * @param {string} own The folder of the package with the settings.
 * @param {string[]} packages
 * @param {boolean} isSrc
 */
const middlewarePackage = (paths, own, packages, isSrc) => {
  const taken = (/** @type {string} */ folder) => {
    const path = clean(`${folder}/middleware`);
    return paths.find((each) => each === `${path}.py` || each.startsWith(`${path}/`));
  };
  const file = taken(own);
  const beside = isSrc ? own : parent(own);
  const free = packages.find((name) => taken(`${beside}/${name}`) === undefined);
  return file !== undefined && free ? [fact("middleware", free, { file, at: "its name" })] : [];
};

/** Return the folder with the code. @param {string[]} paths @param {string} root */
const folderOfManage = (paths, root) => {
  const manage = paths.find(isManage);
  return manage === undefined ? root : parent(manage);
};

/** Return the packages that the build backend includes. @param {Project} project @param {string} settings */
const declaredFolders = (project, settings) =>
  project.declared
    .filter(({ folders }) => folders.length > 0 && !isSrcLayout(project))
    .slice(0, 1)
    .map(({ file, folders }) => {
      const value = folders.map((each) => each.value);
      const packages = value.filter((each) => each !== settings && /^\w+$/.test(each));
      return fact("packages", packages, { file, at: folders[0].at });
    })
    .filter(({ value }) => value.length > 0);

/** Say that production may need other settings. @param {SettingsModule | undefined} module */
const developmentSettings = (module) => {
  if (!module || !isForDevelopment(module.value)) return [];
  const text = `\`${module.file}\` uses the settings module \`${module.value}\`, whose name says that it is not for production. If production uses a different one, change “Settings module for production”.`;
  return [note(text, module)];
};

/**
 * Say what the Dockerfile lacks if a project in src/ has apps beside the package with the settings.
 * @param {Project} project
 * @param {string[]} siblings
 * @param {string} settings
 * @param {import("./evidence.js").Origin} origin
 */
const outside = (project, siblings, settings, origin) => {
  if (!isSrcLayout(project) || siblings.length === 0 || settings === "") return [];
  const files = siblings.map((name) => `\`src/${name}/__init__.py\``).join(" and ");
  return [
    note(
      `The kit only knows apps inside \`src/${settings}/\`. If \`INSTALLED_APPS\` has the others, also mount ${files} for \`collectstatic\` in the Dockerfile.`,
      origin,
    ),
  ];
};

/**
 * Return the Python version that the image or a file pins, or else the newest one that the version
 * constraint allows.
 * @param {Project} project
 * @param {string[]} pythons
 * @returns {Reading}
 */
export const python = (project, pythons) => {
  const range = project.declared.find((each) => each.python);
  const allows = (/** @type {string} */ version) =>
    !range?.python || fits(version, range.python.value);
  const pinned = pinnedPythons(project);
  const exact = pinned.find(({ value }) => pythons.includes(value) && allows(value));
  if (exact) return { facts: [fact("python", exact.value, exact)] };
  const known = pythons.join(" or ");
  const allowed = pythons.filter(allows).sort(byVersion);
  const newest = allowed.at(-1);
  if (range?.python && newest === undefined) {
    const text = `Kits have Python ${known}, but your project allows \`${range.python.value}\`. Change this version constraint or the first line of the Dockerfile.`;
    return { notes: [note(text, { file: range.file, at: range.python.at })] };
  }
  const [other] = pinned;
  if (other) {
    const text = `Your project uses Python ${other.value}, but kits have Python ${known}. Test your project with one of these versions first.`;
    // The closest version has the most packages that the project pins.
    const [closest] = allowed;
    return { facts: [fact("python", closest, other)], notes: [note(text, other)] };
  }
  // A lower bound that every kit meets does not say which Python the project runs on.
  if (!range?.python || newest === undefined || allowed.length === pythons.length) return {};
  return { facts: [fact("python", newest, { file: range.file, at: range.python.at })] };
};

/** Return the versions of Python that files name exactly, such as "3.12". @param {Project} project */
const pinnedPythons = ({ images, texts, root }) => {
  const fromFiles = [".python-version", "runtime.txt"].flatMap((name) => {
    const file = clean(`${root}/${name}`);
    const value = /^\s*(?:c?python-)?(\d+\.\d+)/.exec(texts[file] ?? "")?.[1];
    return value ? [{ value, file, at: "line 1" }] : [];
  });
  return [
    ...images.flatMap((image) => (image.python ? [{ ...image.python, file: image.file }] : [])),
    ...fromFiles,
  ];
};

// Stands for the newest patch release of a version, which a range such as `~=3.12.12` allows.
const NEWEST_PATCH = 99;

/** Whether a version is in a range, which can have alternatives. @param {string} version @param {string} range */
const fits = (version, range) => {
  if (valid(version) === null) return false;
  try {
    return range
      .split("||")
      .some(
        (each) =>
          satisfies(version, each) ||
          satisfies(`${version}.${NEWEST_PATCH}`, each) ||
          each.trim().startsWith(`==${version}.`),
      );
  } catch {
    return true;
  }
};

/** @param {string} one @param {string} other */
const byVersion = (one, other) => Number(one.split(".")[1]) - Number(other.split(".")[1]);

/** @param {Project} project */
const isSrcLayout = (project) => layout(project).facts !== undefined;

/** A project in src/ that is built as a package. @param {Project} project */
export const layout = ({ declared, paths, root }) => {
  const inside = root === "" ? "" : `${root}/`;
  const declaring = declared.find(({ folders }) =>
    folders.some(({ value }) => value.startsWith("src/")),
  );
  const first = declaring?.folders.find(({ value }) => value.startsWith("src/"));
  if (declaring && first)
    return { facts: [fact("layout", "src", { file: declaring.file, at: first.at })] };
  const main = paths.find((path) =>
    new RegExp(`^${inside}src/\\w+/(?:settings|wsgi|asgi)(?:\\.py|/)`).test(path),
  );
  const hasManage = paths.some((path) => isManage(path) && parent(path) === `${inside}src`);
  return main && !hasManage
    ? { facts: [fact("layout", "src", { file: main, at: "its folder" })] }
    : {};
};
