// @ts-check
// The files that COPY, ADD and bind mounts take from the build context.

import { matcher, pattern } from "./dockerignore.js";
import { nameGlob } from "./globs.js";
import { clean, withoutSlash } from "./paths.js";

/** @typedef {{ path: string, name: string, hash: string }} CopiedFile A file, and its name in the copy. */

const WILDCARD = /[*?[]/;

/**
 * Return the files and folders that a source names. Their names are relative to the copied folder.
 * @param {ReadonlyMap<string, string>} entries The build context, from `context`.
 * @param {string} source
 * @param {{ excluded?: string[], keepsParents?: boolean }} [options] Those of `COPY`.
 * @returns {CopiedFile[]}
 */
export const copiedFiles = (entries, source, { excluded = [], keepsParents = false } = {}) => {
  const isExcluded = matcher(excluded.map(pattern));
  const files = keepsParents ? withParents(entries, source) : matching(entries, clean(source));
  return files.filter(({ name }) => !isExcluded(withoutSlash(name)));
};

/** @param {ReadonlyMap<string, string>} entries @param {string} source */
const matching = (entries, source) => {
  if (!WILDCARD.test(source)) return below(entries, source);
  const matches = nameGlob(source);
  return [...entries.keys()]
    .map(withoutSlash)
    .filter((path) => matches(path))
    .flatMap((path) => below(entries, path));
};

/**
 * Return a file, or what is in a folder.
 * @param {ReadonlyMap<string, string>} entries
 * @param {string} path
 * @returns {CopiedFile[]}
 */
const below = (entries, path) => {
  const file = entries.get(path);
  if (file !== undefined) return [{ path, name: path.split("/").at(-1) ?? "", hash: file }];
  const folder = path === "" ? "" : `${path}/`;
  return [...entries]
    .filter(([each]) => each.startsWith(folder) && each !== folder)
    .map(([each, hash]) => ({ path: each, name: each.slice(folder.length), hash }));
};

/**
 * With `--parents`, the pattern is one of .dockerignore. `/./` separates what is not kept.
 * @param {ReadonlyMap<string, string>} entries
 * @param {string} source
 * @returns {CopiedFile[]}
 */
const withParents = (entries, source) => {
  const [base, rest] = source.includes("/./") ? source.split(/\/\.\/(.*)/s) : ["", source];
  const isIncluded = matcher([pattern(rest)]);
  return below(entries, clean(base)).filter(({ name }) => isIncluded(withoutSlash(name)));
};
