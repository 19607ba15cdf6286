// @ts-check
// Read the files that a reader chooses or drops. Only the browser sees them.

import { givenFolder, pathsToRead, shortened, slotOf } from "./given.js";

/** @typedef {{ path: string, file: File }} ChosenFile */

/**
 * Return the files of a chosen folder, by their path from it.
 * @param {Iterable<File>} files
 * @returns {ChosenFile[]}
 */
export const ofFolder = (files) =>
  [...files].map((file) => ({ path: file.webkitRelativePath.replace(/^[^/]*\//, ""), file }));

/** Return the name of a chosen folder. @param {Iterable<File>} files */
export const folderName = (files) => [...files][0]?.webkitRelativePath.split("/")[0] ?? "";

/**
 * Return what was dropped, with whether it contains a folder, and the folder's name if it is a single one.
 * @param {DataTransfer} dropped
 */
const ofDrop = async ({ items, files: single }) => {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // A drop from some programs has files without entries.
  if (entries.length === 0) {
    return {
      isFolder: false,
      folder: "",
      files: [...single].map((file) => ({ path: file.name, file })),
    };
  }
  const isFolder = entries.some((entry) => entry.isDirectory);
  const isSingle = entries.length === 1;
  const files = await Promise.all(entries.map((entry) => walk(entry, isSingle ? "" : entry.name)));
  return { isFolder, folder: isSingle ? entries[0].name : "", files: files.flat() };
};

/**
 * Take the files that a reader drops on an element, which shows where they can be dropped.
 * @param {HTMLElement} element
 * @param {(dropped: Awaited<ReturnType<typeof ofDrop>>) => unknown} take
 */
export const onDrop = (element, take) => {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", async (event) => {
    event.preventDefault();
    element.classList.remove("over");
    if (event.dataTransfer) await take(await ofDrop(event.dataTransfer));
  });
};

/** @param {FileSystemEntry} entry @param {string} path @returns {Promise<ChosenFile[]>} */
const walk = async (entry, path) => {
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return [{ path: path || entry.name, file }];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const children = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const more = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (more.length === 0) break;
    children.push(...more);
  }
  const inside = children.map((child) => walk(child, path ? `${path}/${child.name}` : child.name));
  return (await Promise.all(inside)).flat();
};

/**
 * Read some files of a folder: by default, those that the checker reads.
 * @param {ChosenFile[]} files
 * @param {(paths: string[]) => string[]} select
 */
export const readFolder = async (files, select = pathsToRead) => {
  const wanted = new Set(select(shortened(files.map(({ path }) => path))));
  const chosen = files.filter(({ path }) => wanted.has(path));
  const texts = await Promise.all(chosen.map(async ({ path, file }) => [path, await file.text()]));
  return givenFolder(
    files.map(({ path }) => path),
    Object.fromEntries(texts),
  );
};

/**
 * Read single files, by the name under which they count.
 * @param {ChosenFile[]} files
 * @param {(path: string, files: ChosenFile[]) => string} nameOf
 */
export const readFiles = async (files, nameOf = checkedName) => {
  const texts = await Promise.all(
    files.map(async ({ path, file }) => [nameOf(path, files), await file.text()]),
  );
  return Object.fromEntries(texts);
};

/**
 * Return the name of a file for the checker. A single one with a name that says nothing is the
 * Dockerfile.
 * @param {string} path
 * @param {ChosenFile[]} files
 */
const checkedName = (path, { length }) =>
  length === 1 && !/\.(?:toml|lock|ya?ml|sh)$|ignore$/.test(path) ? "Dockerfile" : slotOf(path);
