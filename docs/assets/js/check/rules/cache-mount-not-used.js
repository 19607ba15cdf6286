// @ts-check
import { cacheFolder, cacheMount } from "../cache-mounts.js";
import { asPattern, atText, replaceIn } from "../line-edits.js";
import { hasNoCache, isRoot } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "cache-mount-not-used",
  title: "uv does not use the cache mount",
  advice: "Mount the cache where uv keeps it, or set `UV_CACHE_DIR` to the mount.",
  severity: "slow",
  claims: ["a-cache-mount-in-another-users-home-is-not-used", "no-cache-leaves-no-cache"],
  check: (project) =>
    project.installs.flatMap((call) => {
      const mount = call.instruction.mounts.find(
        ({ type, target }) => type === "cache" && /\/uv$|\.cache$/.test(target),
      );
      const folder = cacheFolder(call);
      if (!mount || folder === undefined) return [];
      if (cacheMount(call) && !hasNoCache(call)) return [];
      const message = hasNoCache(call)
        ? `uv's cache is off, so nothing gets into the mount at \`${mount.target}\`.`
        : `uv keeps its cache in \`${folder}\` here, so it does not use the mount at \`${mount.target}\`.`;
      const fix = fixed(project, call, mount.target, folder);
      return [{ ...atText(project, call.instruction, "type=cache"), message, fix }];
    }),
};

/**
 * Use the cache, or mount uv's folder. For another user, the mount needs the number of the user.
 * @param {CheckedProject} project
 * @param {UvCall} call
 * @param {string} target
 * @param {string} folder
 */
const fixed = (project, call, target, folder) => {
  const { instruction } = call;
  if (hasNoCache(call)) {
    const isFlag = has(call, "--no-cache");
    return isFlag
      ? replaceIn(project, instruction, / (?:--no-cache(?:-dir)?|-n)\b/, "")
      : undefined;
  }
  if (!isRoot(instruction.user) || /[\s$,]/.test(folder)) return undefined;
  const written = new RegExp(`((?:target|dst|destination)=)${asPattern(target)}/?(?=[,\\s]|$)`);
  return replaceIn(project, instruction, written, `$1${folder}`);
};
