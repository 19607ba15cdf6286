// @ts-check
// The layers of a stage, and what they have at a path.

import { isWithin, withoutSlash } from "./paths.js";

/**
 * Return a layer and those above it, up to the base image.
 * @param {Layer} last
 */
export const layersFrom = (last) => {
  /** @type {Layer[]} */
  const layers = [];
  for (let layer = /** @type {Layer | undefined} */ (last); layer; layer = layer.above) {
    layers.push(layer);
  }
  return layers;
};

/**
 * Return what a layer and those above it have at a path.
 * @param {Layer} layer
 * @param {string} path
 */
export const contentAt = (layer, path) => {
  const parts = [];
  let isAssumed = false;
  // Of a path with a wildcard, the whole folder counts.
  const folder = path.replace(/\/[^/]*[*?[].*$/s, "") || "/";
  for (const each of layersFrom(layer)) {
    const content = each.content(folder);
    if (!content) continue;
    parts.push(content.part);
    isAssumed ||= content.isAssumed ?? false;
    if (content.isAll) break;
  }
  return { parts, isAssumed };
};

/**
 * Return copied files of the build context with their absolute paths in the layer as names.
 * @param {import("./copied-files.js").CopiedFile[]} files
 * @param {string} target
 * @param {boolean} isFolder
 * @returns {import("./copied-files.js").CopiedFile[]}
 */
export const withTargets = (files, target, isFolder) =>
  files.map((file) => ({
    ...file,
    name: isFolder ? `${target.replace(/\/$/, "")}/${file.name}` : target,
  }));

/**
 * @param {import("./copied-files.js").CopiedFile[]} files
 * @param {string} path
 * @returns {Content | undefined}
 */
export const filesWithin = (files, path) => {
  const matches = files.filter(({ name }) => isWithin(name, path));
  if (matches.length === 0) return undefined;
  const isAll = matches.length === 1 && matches[0].name === path;
  return { part: matches.map(({ name, hash }) => [name, hash]), isAll };
};

/**
 * @param {BuildStep} step
 * @param {string} target
 * @param {string} path
 * @returns {Content | undefined}
 */
export const copiedContent = ({ operation, sources }, target, path) => {
  const folder = withoutSlash(target);
  if (!isWithin(folder, path) && !isWithin(path, folder)) return undefined;
  const isAssumed = sources.some((source) => source.isAssumed);
  return { part: [operation, sources.map(({ key }) => key)], isAll: false, isAssumed };
};
