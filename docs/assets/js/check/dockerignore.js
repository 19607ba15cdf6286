// @ts-check
// The patterns of .dockerignore, as Docker's pattern matcher reads them.

import { pathGlob } from "./globs.js";
import { clean, parent, withoutSlash } from "./paths.js";

/** @typedef {{ isException: boolean, matches: (path: string) => boolean }} Pattern */

/**
 * Return the patterns of a .dockerignore file.
 * @param {string} text
 */
export const patterns = (text) =>
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!")
    .map(pattern);

/**
 * @param {string} line
 * @returns {Pattern}
 */
export const pattern = (line) => {
  const isException = line.startsWith("!");
  const cleaned = clean((isException ? line.slice(1) : line).trim());
  return { isException, matches: pathGlob(cleaned) };
};

/**
 * Return a function that says whether a path, or a folder above it, matches the patterns.
 *
 * The last pattern that matches decides. A folder's result holds for everything in it, unless an
 * exception matches there.
 * @param {Pattern[]} list
 */
export const matcher = (list) => {
  /** @type {Map<string, boolean[]>} */
  const folders = new Map();

  /** @param {string} path @returns {boolean[]} The patterns that match a path. */
  const results = (path) => {
    const above = parent(path);
    const inherited = above === "" ? [] : folder(above);
    let isMatched = false;
    return list.map((each, index) => {
      const matches = inherited[index] || (each.isException === isMatched && each.matches(path));
      if (matches) isMatched = !each.isException;
      return matches;
    });
  };

  /** @param {string} path */
  const folder = (path) => {
    const known = folders.get(path) ?? results(path);
    folders.set(path, known);
    return known;
  };

  /** @param {string} path */
  return (path) => {
    const last = results(path).lastIndexOf(true);
    return last >= 0 && !list[last].isException;
  };
};

/**
 * Return the files and folders of the build context that the build gets. The names of folders end
 * with a slash, and their hash is empty unless `files` has one.
 * @param {Readonly<Record<string, string>>} files Maps the paths of files to a hash of the content.
 * @param {string} ignoreFile The text of .dockerignore.
 * @returns {Map<string, string>}
 */
export const context = (files, ignoreFile) => {
  const isIgnored = matcher(patterns(ignoreFile));
  /** @type {Map<string, string>} */
  const entries = new Map();
  /** @param {string} path */
  const addFolders = (path) => {
    for (let above = parent(path); above !== ""; above = parent(above)) {
      entries.set(`${above}/`, files[`${above}/`] ?? "");
    }
  };
  for (const [path, hash] of Object.entries(files)) {
    const name = withoutSlash(path);
    // A folder that is not ignored exists even if all of its files are ignored.
    for (let above = parent(name); above !== ""; above = parent(above)) {
      if (!entries.has(`${above}/`) && !isIgnored(above)) {
        entries.set(`${above}/`, files[`${above}/`] ?? "");
        addFolders(above);
      }
    }
    if (isIgnored(name)) continue;
    entries.set(path, hash);
    addFolders(name);
  }
  return new Map([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
};
