// @ts-check
// Folders relative to the root of a project, which has uv.lock.

/** Stands for a folder outside the root. */
export const OUTSIDE = "..";

/**
 * Return a path relative to the root of the project, or undefined if it is outside.
 * @param {string} path
 * @param {string} folder The folder that a relative path starts from.
 * @param {string | undefined} root The absolute path of the root, if it is known.
 */
export function fromRoot(path, folder, root) {
  if (!path.startsWith("/")) return joined(folder, path);
  if (root === undefined) return ".";
  const [inside, base] = [parts(path), parts(root)];
  const isInside = base.every((part, at) => part === inside[at]);
  return isInside ? inside.slice(base.length).join("/") || "." : undefined;
}

/**
 * Return an absolute path, or a path relative to the root if the root's own path is unknown.
 * @param {string} path
 * @param {string} folder
 * @param {string | undefined} root
 */
export function located(path, folder, root) {
  if (path.startsWith("/")) return `/${parts(path).join("/")}`;
  const relative = joined(folder, path);
  if (root === undefined || relative === undefined) return relative ?? path;
  return `/${[...parts(root), ...parts(relative)].join("/")}`;
}

/**
 * @param {string} folder
 * @param {string} path
 */
function joined(folder, path) {
  const result = [];
  for (const part of [...parts(folder), ...parts(path)]) {
    if (part !== "..") result.push(part);
    else if (result.pop() === undefined) return undefined;
  }
  return result.join("/") || ".";
}

/** @param {string} path */
const parts = (path) => path.split("/").filter((part) => part && part !== ".");
