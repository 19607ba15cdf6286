// @ts-check
import { atText } from "../line-edits.js";
import { cacheFolder, cacheMount, hasNoCache } from "../uv-calls.js";

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
      return [{ ...atText(project, call.instruction, "type=cache"), message }];
    }),
};
