// @ts-check
// What manage.py, the settings and the names of files say about a Django project.

import { parent } from "../../check/paths.js";
import { isMain, isManage, isSettings } from "./files.js";

const MODULE = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/;
const ENGINE = /["']django(?:\.contrib\.gis)?\.db\.backends\.(\w+)["']/g;
const COMMENT = /^\s*#.*$/gm;
// Folders whose code does not run in production.
const NOT_IN_PRODUCTION =
  /^(?:\.|(?:tests?|docs?|scripts?|node_modules|venv|env|static|media|templates|locale|requirements|bin|ci|deploy|docker|compose|frontend|benchmarks?|examples?)$)/;

// Python cannot import a folder with another name, nor one that is called like a keyword.
const PACKAGE = /^(?!(?:class|global|import|lambda)$)[A-Za-z_]\w*$/;

/**
 * Return the settings module that manage.py names, or the `__main__.py` of a package, with the
 * folder of the code.
 * @param {Readonly<Record<string, string>>} texts
 */
export const settingsModule = (texts) => {
  const files = Object.keys(texts)
    .filter((file) => isManage(file) || isMain(file))
    .sort(byDepth);
  for (const file of files) {
    const value = MODULE.exec(texts[file])?.[1];
    const folder = isManage(file) ? parent(file) : parent(parent(file));
    if (value) return { value, file, at: `line ${lineOf(texts[file], MODULE)}`, folder };
  }
  return undefined;
};

const ASSIGNED = /DJANGO_SETTINGS_MODULE["']?(?:\s*[:=,]\s*|\s+)["']?([A-Za-z_]\w*(?:\.\w+)+)/;
const NOT_PRODUCTION = /(?:test|local|dev|ci)\w*$/;
// Files of settings for tests, development and other servers than that of production.
const OTHER_SETTINGS = /(?:test|local|dev|ci|staging|uat|demo)\w*\.py$/;
const PRODUCTION = /\/settings\/(?:prod|production|deploy|deployment|live)\.py$/;

/**
 * Return the settings module of production: the one that the image, a service or `wsgi.py` sets, or
 * else the one whose name says it.
 * @param {import("./evidence.js").Project} project
 * @param {string} folder The folder with the code.
 */
export const productionModule = ({ lines, paths, texts }, folder) => {
  const inside = folder === "" ? "" : `${folder}/`;
  const exists = (/** @type {string} */ module) => {
    const path = inside + module.replaceAll(".", "/");
    return (
      paths.length === 0 ||
      paths.some((each) => each === `${path}.py` || each.startsWith(`${path}/`))
    );
  };
  const started = lines.map(({ text, ...origin }) => ({
    value: ASSIGNED.exec(text)?.[1] ?? "",
    ...origin,
  }));
  const entries = Object.keys(texts)
    .filter((file) => /(?:^|\/)[aw]sgi\.py$/.test(file))
    .map((file) => ({
      value: MODULE.exec(texts[file])?.[1] ?? "",
      file,
      at: `line ${lineOf(texts[file], MODULE)}`,
    }));
  const set = [...started, ...entries].find(
    ({ value }) => value !== "" && !NOT_PRODUCTION.test(value) && exists(value),
  );
  const file = paths.find((path) => path.startsWith(inside) && PRODUCTION.test(path));
  const value = file?.slice(inside.length).replace(/\.py$/, "").replaceAll("/", ".");
  return set ?? (file && value ? { value, file, at: "its name" } : undefined);
};

/** Whether a settings module is for tests or development. @param {string} module */
export const isForDevelopment = (module) => NOT_PRODUCTION.test(module);

/**
 * Return the engines of the databases in the settings, apart from those for tests and development.
 * @param {Readonly<Record<string, string>>} texts
 */
export const databaseEngines = (texts) => inSettings(texts, ENGINE);

/**
 * Return what a pattern finds in the settings, apart from those for tests and development.
 * @template [T=string]
 * @param {Readonly<Record<string, string>>} texts
 * @param {RegExp} pattern
 * @param {(match: RegExpExecArray) => T} read
 */
export const inSettings = (
  texts,
  pattern,
  read = (match) => /** @type {T} */ (/** @type {unknown} */ (match[1])),
) =>
  Object.keys(texts)
    .filter((file) => isSettings(file) && !OTHER_SETTINGS.test(file))
    .sort(byDepth)
    .flatMap((file) => {
      const text = texts[file].replace(COMMENT, "");
      return [...text.matchAll(pattern)].map((match) => ({
        value: read(match),
        file,
        at: `line ${text.slice(0, match.index).split("\n").length}`,
      }));
    });

// The text between the brackets of INSTALLED_APPS, or of a list that the settings add to it.
const APPS = /\b\w*APPS\w*\s*\+?=\s*(?:[\w.]+\s*\+\s*)?[[(]([^\])]*)[\])]/g;
const USER_MODEL = /^AUTH_USER_MODEL\s*=\s*["'](\w+)\.\w+["']/gm;
const IMPORTED = /^\s*(?:from|import)\s+(\w[\w.]*)/gm;

/**
 * Return the modules that Django imports before `collectstatic`: those that INSTALLED_APPS names by
 * a dotted path, the app of the user model, and those that the settings import.
 * @param {Readonly<Record<string, string>>} texts
 */
export const importedModules = (texts) => [
  ...inSettings(texts, APPS).flatMap(({ value, ...origin }) =>
    [...value.matchAll(/["'](\w+(?:\.\w+)+)["']/g)].map((match) => ({
      value: match[1],
      ...origin,
    })),
  ),
  ...inSettings(texts, USER_MODEL),
  ...inSettings(texts, IMPORTED),
];

/**
 * Return where INSTALLED_APPS names the package with the settings or a module in it.
 * @param {Readonly<Record<string, string>>} texts
 * @param {string} settings
 */
export const settingsApp = (texts, settings) => {
  const name = new RegExp(`["']${settings}(?:\\.[\\w.]+)?["']`);
  const app = inSettings(texts, APPS).find(({ value }) => name.test(value));
  return app && { ...app, value: settings };
};

/**
 * Return the folders beside manage.py with Python packages that run in production. A folder without
 * an `__init__.py` is one only if Django imports a module in it.
 * @param {string[]} paths
 * @param {string} folder The folder with manage.py.
 * @param {string[]} imported The modules that Django imports.
 */
export const sourceFolders = (paths, folder, imported = []) => {
  const inside = folder === "" ? "" : `${folder}/`;
  const names = paths
    .filter((path) => path.startsWith(inside) && path.endsWith(".py"))
    .map((path) => path.slice(inside.length).split("/"))
    .flatMap(([name, ...rest]) => (rest.length > 0 ? [name] : []));
  return [...new Set(names)]
    .filter((name) => PACKAGE.test(name) && !NOT_IN_PRODUCTION.test(name))
    .filter(
      (name) =>
        paths.includes(`${inside}${name}/__init__.py`) ||
        imported.some((module) => module.startsWith(`${name}.`)),
    )
    .sort();
};

// Packages that are parts of an app.
const PARTS_OF_APP = /^(?:management|migrations|settings|templatetags)$/;

/**
 * Return the apps inside the package with the settings, which a project in src/ has there.
 * @param {string[]} paths
 * @param {string} folder The folder of the package.
 */
export const nestedApps = (paths, folder) =>
  sourceFolders(paths, folder).filter((name) => !PARTS_OF_APP.test(name));

/** @param {string} text @param {RegExp} pattern */
const lineOf = (text, pattern) => text.slice(0, text.search(pattern)).split("\n").length;

/** @param {string} one @param {string} other */
const byDepth = (one, other) => parent(one).split("/").length - parent(other).split("/").length;

/**
 * Return the folders with static files, by their paths from the folder with the code.
 * @param {import("./evidence.js").Project} project
 * @param {string} folder The folder with the code.
 * @param {string[]} sources The folders with Python modules in it.
 * @param {{ whole: string[], copied: string[] }} packages The ones that `collectstatic` needs with
 *   all of their files, and those that the image has in any case.
 */
export const staticFolders = ({ paths, texts }, folder, sources, { whole, copied }) => {
  const inside = folder === "" ? "" : `${folder}/`;
  const own = paths
    .filter((path) => path.startsWith(inside))
    .map((path) => path.slice(inside.length));
  const inApps = own.flatMap((path) => {
    const match = /^((?:\w+\/){1,3}?static)\//.exec(path);
    return match && sources.includes(path.split("/")[0]) ? [match[1]] : [];
  });
  const isListed = Object.entries(texts).some(
    ([file, text]) => isSettings(file) && text.includes("STATICFILES_DIRS"),
  );
  const atRoot = isListed && own.some((path) => path.startsWith("static/")) ? ["static"] : [];
  const all = [...new Set([...whole, ...inApps, ...atRoot, ...readFiles(texts, own)])];
  const isInside = (/** @type {string} */ path) =>
    [...all, ...copied].some((other) => path.startsWith(`${other}/`));
  return all.filter((path) => !isInside(path)).sort();
};

/**
 * Return the files of the project that the settings read, such as VERSION.
 * @param {Readonly<Record<string, string>>} texts
 * @param {string[]} paths By their path from the folder with the code.
 */
const readFiles = (texts, paths) => {
  const known = new Set(paths.filter((path) => !/\.py$|(?:^|\/)\./.test(path)));
  return inSettings(texts, FILE).flatMap(({ value }) => (known.has(value) ? [value] : []));
};

const FILE = /(?:\bopen\(|\/|,)\s*["']([\w./-]+)["']/g;

/**
 * Return the other folders beside the code that a running service reads.
 * @param {import("./evidence.js").Project} project
 * @param {string} folder The folder with the code.
 */
export const otherFolders = ({ paths }, folder) =>
  ["locale", "templates"].filter((name) =>
    paths.some((path) => path.startsWith(folder === "" ? `${name}/` : `${folder}/${name}/`)),
  );
