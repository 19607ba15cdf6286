// @ts-check
import { cacheMount, withCacheMount } from "../cache-mounts.js";
import { atCommand } from "../line-edits.js";
import { isWithin } from "../paths.js";
import { hasNoCache, installsDependencies } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "no-cache-mount",
  title: "A new package downloads every package again",
  advice: "Mount a cache at uv's cache folder.",
  severity: "slow",
  claims: [
    "without-a-cache-mount-each-install-downloads-everything",
    "without-a-cache-mount-the-cache-is-in-the-layer-as-hard-links",
    "no-cache-leaves-no-cache",
  ],
  check: (project) => {
    /** @type {Set<string>} The environments that have their packages already. */
    const filled = new Set();
    return project.installs.flatMap((call) => {
      const isFirst = !filled.has(call.target);
      if (!installsDependencies(call)) return [];
      filled.add(call.target);
      // A mount that is not used has a rule of its own.
      const hasMount = call.instruction.mounts.some(({ type, target }) => {
        return type === "cache" && (/uv|\.cache/.test(target) || isWithin(call.target, target));
      });
      if (!isFirst || hasMount || cacheMount(call)) return [];
      return [
        {
          ...atCommand(project, call, new RegExp(`\\buv\\s+${call.name.replace(" ", "\\s+")}`)),
          message: hasNoCache(call)
            ? "After you add a package, this step downloads every package again, because uv's cache is off."
            : "After you add a package, this step downloads every package again, and keeps what it downloads in the layer.",
          fix: withCacheMount(project, call),
        },
      ];
    });
  },
};
