// @ts-check
// Where uv keeps its cache, and whether a cache mount is there.

import { lineage } from "./base-images.js";
import { insertAbove, replaceIn } from "./line-edits.js";
import { absolute, isWithin, withoutSlash } from "./paths.js";
import { hasNoCache, installsDependencies, isRoot } from "./uv-calls.js";
import { values } from "./uv-command.js";

/**
 * Return the folder of uv's cache.
 * @param {UvCall} call
 */
export const cacheFolder = (call) => {
  const named = values(call, "--cache-dir").at(-1) ?? call.environment.get("UV_CACHE_DIR");
  if (named) return withoutSlash(absolute(call.workdir, named));
  const xdg = call.environment.get("XDG_CACHE_HOME");
  if (xdg) return withoutSlash(absolute("/", `${xdg}/uv`));
  const home = call.environment.get("HOME") ?? homeOf(call.instruction.user);
  return home && `${home}/.cache/uv`;
};

/** @param {string} user */
const homeOf = (user) => {
  if (isRoot(user)) return "/root";
  return /^\d/.test(user) ? undefined : `/home/${user.split(":")[0]}`;
};

/**
 * Return the cache mount that the call's cache is in.
 * @param {UvCall} call
 */
export const cacheMount = (call) => {
  const folder = cacheFolder(call);
  return folder === undefined
    ? undefined
    : call.instruction.mounts.find(
        ({ type, target }) => type === "cache" && isWithin(folder, target),
      );
};

/**
 * Add a cache mount to the step of a call, and keep uv from warning that it cannot create links
 * into the mount. Return undefined if the step has to change otherwise.
 * @param {CheckedProject} project
 * @param {UvCall} call
 * @returns {LineEdit[] | undefined}
 */
export const withCacheMount = (project, call) => {
  const mount = mountEdit(project, call);
  if (!mount || linkMode(call) !== undefined) return mount;
  // Without a mount, steps below would store each package twice.
  const below = project.installs.filter(
    (each) =>
      each.instruction.line > call.instruction.line &&
      lineage(project.dockerfile, each.stage).includes(call.stage) &&
      installsDependencies(each) &&
      linkMode(each) === undefined &&
      !cacheMount(each),
  );
  // A step needs one mount for all of its calls.
  const steps = new Map(below.map((each) => [each.instruction, each]));
  const mounts = [...steps.values()].map((each) => mountEdit(project, each));
  if (mounts.includes(undefined)) return mount;
  return [
    ...insertAbove(project, call.instruction, "ENV UV_LINK_MODE=copy"),
    ...mount,
    ...mounts.flatMap((each) => each ?? []),
  ];
};

/** @param {UvCall} call */
export const linkMode = (call) =>
  values(call, "--link-mode").at(-1) ?? call.environment.get("UV_LINK_MODE");

/** @param {CheckedProject} project @param {UvCall} call */
const mountEdit = (project, call) => {
  const { instruction } = call;
  const clears = /rm\s.*\.cache|uv\s+cache\s/.test(instruction.script);
  const folder = cacheFolder(call);
  const isUsable = isRoot(instruction.user) && folder?.startsWith("/") && !/[\s$,]/.test(folder);
  if (hasNoCache(call) || clears || !isUsable || instruction.isExec) return undefined;
  const mount = `RUN --mount=type=cache,target=${folder} \\\n    `;
  return replaceIn(project, instruction, /^\s*RUN\s+/i, mount);
};
