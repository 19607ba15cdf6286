// @ts-check
// The files of a project that say which kit it needs.

import { filesToRead } from "../../check/file-names.js";
import { parent } from "../../check/paths.js";

// The package with the settings often imports the module of Celery, which reads variables as well.
const SETTINGS =
  /(?:^|\/)(?:settings(?:_\w+)?\.py|(?:settings|conf)\/\w+\.py|settings\.\w+\.py|celery(?:_app)?\.py)$/;
const MANAGE = /(?:^|\/)manage\.py$/;
const MAIN = /(?:^|\/)__main__\.py$/;
const OTHERS =
  /(?:^|\/)(?:manage\.py|__main__\.py|[aw]sgi\.py|Procfile|Pipfile|poetry\.toml|runtime\.txt|requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in)|constraints\.txt)$/;
// Files of other tools, whose texts say nothing about the kit and can be large.
const UNUSED = /(?:^|\/)(?:uv\.lock|[^/]*\.dockerignore)$/;
// Reading stops at a depth at which only packages that are kept in the repository have files.
const MAX_DEPTH = 5;

export const isManage = (/** @type {string} */ path) => MANAGE.test(path);
export const isMain = (/** @type {string} */ path) => MAIN.test(path);
export const isSettings = (/** @type {string} */ path) => SETTINGS.test(path);

/**
 * Return the files of a folder whose texts are read.
 * @param {string[]} paths
 */
export const projectFiles = (paths) => {
  const known = new Set(filesToRead(paths));
  return paths.filter(
    (path) =>
      path.split("/").length <= MAX_DEPTH &&
      !UNUSED.test(path) &&
      (known.has(path) || SETTINGS.test(path) || OTHERS.test(path)),
  );
};

/**
 * Return the folder of the project: the one closest to the root that has a file by which uv, Poetry
 * or pip knows its packages, or else the one with manage.py.
 * @param {string[]} paths
 */
export const projectRoot = (paths) => {
  const closest = (/** @type {RegExp} */ name) =>
    paths
      .filter((path) => name.test(path))
      .map(parent)
      .sort((one, other) => depth(one) - depth(other))[0];
  return (
    closest(/(?:^|\/)pyproject\.toml$/) ??
    closest(/(?:^|\/)manage\.py$/) ??
    closest(/(?:^|\/)(?:requirements[^/]*\.txt|Pipfile)$/) ??
    ""
  );
};

/** @param {string} folder */
const depth = (folder) => (folder === "" ? 0 : folder.split("/").length);
