// @ts-check
import { cacheMount } from "../cache-mounts.js";
import { atText, replaceIn } from "../line-edits.js";
import { hasNoCache, isRoot } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "cache-mount-not-writable",
  title: "The cache mount belongs to root, and the step runs as another user",
  advice: "Set `uid=` of the cache mount to the number of the user.",
  severity: "breaks",
  claims: ["a-cache-mount-belongs-to-root", "with-uid-another-user-writes-to-a-cache-mount"],
  notTried: "A cache mount with `mode=`.",
  check: (project) =>
    project.installs.flatMap((call) => {
      const mount = cacheMount(call);
      const { user } = call.instruction;
      if (!mount || isRoot(user) || hasNoCache(call)) return [];
      const { uid, gid, mode } = mount.options;
      if (uid !== undefined || gid !== undefined) return [];
      // Docker's default builder applies its umask to the mode: github.com/moby/moby/issues/47415.
      const reason = mode ? ", and Docker's default builder reduces the mode to 0755" : "";
      const number = /^\d+/.exec(user)?.[0];
      return [
        {
          ...atText(project, call.instruction, "type=cache"),
          message: `The step runs as \`${user}\`${reason}, so it fails with \`Permission denied\` when uv writes to \`${mount.target}\`.`,
          fix: number
            ? replaceIn(project, call.instruction, /type=cache/, `type=cache,uid=${number}`)
            : undefined,
        },
      ];
    }),
};
