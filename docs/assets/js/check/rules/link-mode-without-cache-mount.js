// @ts-check
import { cacheMount, linkMode, withCacheMount } from "../cache-mounts.js";
import { atText } from "../line-edits.js";
import { hasNoCache, installsDependencies } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "link-mode-without-cache-mount",
  title: "The image contains every package twice",
  advice: "Add a cache mount, or set `UV_NO_CACHE=1`.",
  severity: "slow",
  claims: ["link-mode-copy-without-a-cache-mount-doubles-the-layer"],
  check: (project) =>
    project.installs
      .filter((call) => project.image.includes(call.instruction) && installsDependencies(call))
      .filter((call) => {
        const clears = /rm\s.*\.cache|uv\s+cache\s+clean/.test(call.instruction.script);
        return linkMode(call) === "copy" && !cacheMount(call) && !hasNoCache(call) && !clears;
      })
      .slice(0, 1)
      .map((call) => ({
        ...atText(project, call.instruction, /\buv\s/),
        fix: withCacheMount(project, call),
        message:
          "With `UV_LINK_MODE=copy` and no cache mount, the layer has each package in the environment and again in uv's cache.",
      })),
};
