// @ts-check
import { cacheMount } from "../cache-mounts.js";
import { atCommand, replaceIn } from "../line-edits.js";
import { runSyncs, takesDev } from "../uv-calls.js";
import { withoutSyncInRuns } from "../uv-runs.js";

/** @type {Rule} */
export const rule = {
  id: "dev-in-build",
  title: "`uv run` in the build brings the dev group back",
  advice: "Pass `--no-sync` to `uv run`, or start the program from the environment.",
  severity: "breaks",
  claims: ["uv-run-installs-what-no-dev-left-out", "uv-run-without-sync-installs-nothing"],
  check: (project) => {
    const { installs, pyproject, isDevelopment } = project;
    if (isDevelopment || (pyproject && !pyproject.groups.dev?.length)) return [];
    /** @type {Set<string>} The environments that have the group by now. */
    const filled = new Set();
    return installs.flatMap((call, index) => {
      if (call.name !== "run" || !call.ships || !runSyncs(call)) return [];
      if (!takesDev(call, pyproject)) return [];
      const earlier = installs
        .slice(0, index)
        .findLast(({ name, target }) => name === "sync" && target === call.target);
      const isRemoved = installs
        .slice(index + 1)
        .some(
          (each) =>
            each.name === "sync" && each.target === call.target && !takesDev(each, pyproject),
        );
      if (!earlier || takesDev(earlier, pyproject) || isRemoved || filled.has(call.target))
        return [];
      filled.add(call.target);
      return [
        {
          ...atCommand(project, call, /\buv run\b/),
          message: `\`uv run\` installs the dev group into the image before it starts \`${call.operands[0]}\`, although \`uv sync\` left the group out${cacheMount(call) ? "" : ", and downloads it each time this step runs"}.`,
          fix: withoutSync(project, call),
        },
      ];
    });
  },
};

/**
 * Install nothing in the step, nor in the commands below it that would then install the group.
 * @param {CheckedProject} project
 * @param {UvInstall} call
 */
const withoutSync = (project, call) => {
  const edits = replaceIn(project, call.instruction, /\buv run\b/, "uv run --no-sync");
  return edits && withoutSyncInRuns(project, call, ["dev"], edits);
};
