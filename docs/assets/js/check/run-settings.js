// @ts-check
// What uv sees when a RUN executes it: variables, the project and the working directory.

import { fromRoot, OUTSIDE } from "./folders.js";
import { layersFrom } from "./layers.js";
import { clean, isWithin, parent } from "./paths.js";

/**
 * Return the settings of the install predictor that an instruction decides.
 * @param {DockerfileInstruction} instruction
 * @param {string} root The folder with uv.lock.
 */
export const runSettings = ({ environment, workdir }, root) => ({
  variables: Object.fromEntries(environment),
  folder: fromRoot(workdir, ".", root) ?? OUTSIDE,
  root,
});

/**
 * Return the folder with the project's uv.lock that an instruction works on: the working directory,
 * or a folder above it. Another folder counts if neither has the file.
 * @param {DockerfileInstruction} instruction
 * @param {Layer} above
 * @returns {string | undefined}
 */
export const projectRoot = ({ workdir, mounts }, above) => {
  const mounted = mounts
    .filter(({ type, origin }) => type === "bind" && !origin)
    .flatMap(({ target, options }) => folderInMount(target, clean(options.source ?? "")) ?? []);
  const copied = layersFrom(above)
    .flatMap(({ files = [] }) => files)
    .filter(({ path }) => path === LOCKFILE)
    .map(({ name }) => parent(name) || "/");
  const folders = [...mounted, ...copied];
  const around = folders.filter((folder) => isWithin(workdir, folder));
  return around.sort((one, other) => other.length - one.length)[0] ?? folders[0];
};

const LOCKFILE = "uv.lock";

/** @param {string} target @param {string} source */
const folderInMount = (target, source) => {
  if (source === "") return target;
  return source === LOCKFILE ? parent(target) || "/" : undefined;
};
