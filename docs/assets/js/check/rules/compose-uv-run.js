// @ts-check
import { commandsOf, inProduction, markOf } from "../compose-services.js";
import { hasDev, runSyncs, takesDev, uvCall } from "../uv-calls.js";
import { withoutSyncIn } from "../uv-runs.js";
import { startMessage } from "./uv-run-at-start.js";

/** @type {Rule} */
export const rule = {
  id: "compose-uv-run",
  title: "A command in compose.yaml installs packages",
  advice: "Start the program without `uv run`, or pass `--no-sync`.",
  severity: "risky",
  claims: [
    "uv-run-installs-what-no-dev-left-out",
    "uv-run-without-sync-installs-nothing",
    "uv-run-in-an-image-without-dev-wants-to-install-dev",
  ],
  check: (project) => {
    const { pyproject } = project;
    const mayAdd = hasDev(project) === false && (!pyproject || pyproject.groups.dev?.length > 0);
    return inProduction(project, (service) => [
      ...withSync(project, service),
      ...(mayAdd ? withDev(project, service) : []),
    ]);
  },
};

/** @param {CheckedProject} project @param {ComposeService} service @returns {RuleFinding[]} */
const withSync = (project, service) =>
  commandsOf(project, service)
    .filter((command) => uvCall(command)?.name === "sync")
    .map((command) => ({
      ...markOf(service, command),
      message: startMessage(command),
    }));

/** @param {CheckedProject} project @param {ComposeService} service @returns {RuleFinding[]} */
const withDev = (project, service) =>
  commandsOf(project, service)
    .filter((command) => installsDev(uvCall(command), project.pyproject))
    .slice(0, 1)
    .map((command) => {
      const mark = markOf(service, command);
      return {
        ...mark,
        message: `The image has no dev group, so \`uv run\` installs it each time the service \`${service.name}\` starts.`,
        fix: withoutSyncIn(project, mark),
      };
    });

/** @param {UvCall | undefined} call @param {PyprojectTables} [pyproject] */
const installsDev = (call, pyproject) =>
  call?.name === "run" && runSyncs(call) && takesDev(call, pyproject);
