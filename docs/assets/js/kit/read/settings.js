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

/**
 * Return the engines of the databases in the settings, apart from those for tests and development.
 * @param {Readonly<Record<string, string>>} texts
 */
export const databaseEngines = (texts) =>
  Object.keys(texts)
    .filter((file) => isSettings(file) && !/(?:test|local|dev|ci)\w*\.py$/.test(file))
    .sort(byDepth)
    .flatMap((file) => {
      const text = texts[file].replace(COMMENT, "");
      return [...text.matchAll(ENGINE)].map((match) => ({
        value: match[1],
        file,
        at: `line ${text.slice(0, match.index).split("\n").length}`,
      }));
    });

/**
 * Return the folders beside manage.py with Python modules that run in production.
 * @param {string[]} paths
 * @param {string} folder The folder with manage.py.
 */
export const sourceFolders = (paths, folder) => {
  const inside = folder === "" ? "" : `${folder}/`;
  const names = paths
    .filter((path) => path.startsWith(inside) && path.endsWith(".py"))
    .map((path) => path.slice(inside.length).split("/"))
    .flatMap(([name, ...rest]) => (rest.length > 0 ? [name] : []));
  return [...new Set(names)]
    .filter((name) => PACKAGE.test(name) && !NOT_IN_PRODUCTION.test(name))
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
  sourceFolders(paths, folder).filter(
    (name) => !PARTS_OF_APP.test(name) && paths.includes(`${folder}/${name}/__init__.py`),
  );

/** @param {string} text @param {RegExp} pattern */
const lineOf = (text, pattern) => text.slice(0, text.search(pattern)).split("\n").length;

/** @param {string} one @param {string} other */
const byDepth = (one, other) => parent(one).split("/").length - parent(other).split("/").length;

/**
 * Return the folders with static files, by their paths from the root of the project.
 * @param {import("./evidence.js").Project} project
 * @param {string} folder The folder with the code.
 * @param {string[]} sources The folders with Python modules in it.
 */
export const staticFolders = ({ paths, root, texts }, folder, sources) => {
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
  const below = folder.slice(root.length).replace(/^\//, "");
  const before = below === "" ? "" : `${below}/`;
  return [...new Set([...inApps, ...atRoot])].map((path) => `${before}${path}`).sort();
};

/**
 * Return the other folders beside the code that a running service reads.
 * @param {import("./evidence.js").Project} project
 * @param {string} folder The folder with the code.
 */
export const otherFolders = ({ paths }, folder) =>
  ["locale", "templates"].filter((name) =>
    paths.some((path) => path.startsWith(folder === "" ? `${name}/` : `${folder}/${name}/`)),
  );
