// @ts-check
// Paths in Dockerfiles and in the build context.

/**
 * Return the names of a path without `.`, `..` and empty ones.
 * @param {string} path
 */
const names = (path) => {
  /** @type {string[]} */
  const result = [];
  for (const name of path.split("/")) {
    if (name === "..") result.pop();
    else if (name !== "" && name !== ".") result.push(name);
  }
  return result;
};

/**
 * Return a path in its shortest form, relative to the root.
 * @param {string} path
 */
export const clean = (path) => names(path).join("/");

/**
 * Return an absolute path. A slash at the end stays, and `.` gets one.
 * @param {string} workdir
 * @param {string} path
 */
export const absolute = (workdir, path) => {
  const result = clean(path.startsWith("/") ? path : `${workdir}/${path}`);
  return result !== "" && /(?:^|\/)\.?$/.test(path) ? `/${result}/` : `/${result}`;
};

/**
 * Return a path without the slash at its end.
 * @param {string} path
 */
export const withoutSlash = (path) => (path.length > 1 ? path.replace(/\/$/, "") : path);

/**
 * Return the path of the folder that contains a path. It is empty for the root.
 * @param {string} path
 */
export const parent = (path) => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

/**
 * Return whether an absolute path is a folder or in it.
 * @param {string} path
 * @param {string} folder
 */
export const isWithin = (path, folder) =>
  path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
