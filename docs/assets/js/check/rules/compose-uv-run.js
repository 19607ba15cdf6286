// @ts-check
import { commandsOf, composeServices } from "../compose-services.js";
import { firstOnEachLine } from "../line-edits.js";
import { runSyncs, takesDev, uvCall } from "../uv-calls.js";
import { withoutSyncIn } from "../uv-runs.js";

/** @type {Rule} */
export const rule = {
  id: "compose-uv-run",
  title: "A command in compose.yaml installs the dev group",
  advice: "Start the program without `uv run`, or pass `--no-sync`.",
  severity: "risky",
  claims: ["uv-run-installs-what-no-dev-left-out", "uv-run-without-sync-installs-nothing"],
  check: (project) => {
    const { installs, pyproject, isDevelopment } = project;
    const sync = installs.findLast(({ name, ships }) => name === "sync" && ships);
    if (isDevelopment || !sync || takesDev(sync, pyproject)) return [];
    if (pyproject && !pyproject.groups.dev) return [];
    return firstOnEachLine(
      composeServices(project)
        .filter((service) => !service.isDevelopment)
        .flatMap((service) => withDev(project, service)),
    );
  },
};

/** @param {CheckedProject} project @param {ComposeService} service @returns {RuleFinding[]} */
const withDev = (project, service) =>
  commandsOf(project, service)
    .filter((command) => installsDev(uvCall(command), project.pyproject))
    .slice(0, 1)
    .map(({ entry }) => {
      const mark = { file: service.file, line: entry.line, lastLine: entry.node.lastLine };
      return {
        ...mark,
        message: `The image has no dev group, so \`uv run\` installs it each time the service \`${service.name}\` starts.`,
        fix: withoutSyncIn(project, mark),
      };
    });

/** @param {UvCall | undefined} call @param {PyprojectTables} [pyproject] */
const installsDev = (call, pyproject) =>
  call?.name === "run" && runSyncs(call) && takesDev(call, pyproject);
