// @ts-check
import { commandsOf, composeServices } from "../compose-services.js";
import { isFromProject, volumesOf } from "../compose-volumes.js";
import { firstOnEachLine } from "../line-edits.js";
import { isWithin } from "../paths.js";
import { runSyncs, uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "mount-hides-venv",
  title: "A mount over the code hides the virtual environment",
  advice: "Set `UV_PROJECT_ENVIRONMENT` to a folder outside the mount, such as `/opt/venv`.",
  severity: "breaks",
  claims: [
    "a-mount-over-the-code-hides-the-environment",
    "uv-run-ignores-an-environment-on-the-path",
  ],
  noFix: "`PATH`, `COPY` lines and editor settings also contain the path of the environment.",
  check: (project) => {
    const targets = project.installs.filter(({ ships }) => ships).map(({ target }) => target);
    const findings = composeServices(project).flatMap((service) => {
      const volumes = volumesOf(service);
      return volumes.filter(isFromProject).flatMap(({ mark, from, to }) => {
        const hidden = targets.find((target) => isWithin(target, to));
        // A volume of its own keeps the environment.
        if (!hidden || volumes.some((each) => each.to === hidden)) return [];
        const effect = startsWithUv(project, service)
          ? "`uv run` creates a new one in that folder"
          : "Python finds no packages";
        return [
          { ...mark, message: `\`${from}\` over \`${to}\` hides \`${hidden}\`, so ${effect}.` },
        ];
      });
    });
    return firstOnEachLine(findings);
  },
};

/** Whether `uv run` starts a service. @param {CheckedProject} project @param {ComposeService} service */
const startsWithUv = (project, service) => {
  const own = commandsOf(project, service);
  return (own.length > 0 ? own : project.start.commands).some((command) => {
    const call = uvCall(command);
    return call?.name === "run" && runSyncs(call);
  });
};
