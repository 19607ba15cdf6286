// @ts-check
import { at } from "../line-edits.js";
import { server, shown } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "no-health-check",
  title: "The image has no health check",
  severity: "untidy",
  claims: [],
  lacks:
    "Without HEALTHCHECK, Docker reports a container whose server no longer answers as running.",
  check: (project) => {
    const command = server(project);
    if (project.isDevelopment || !command) return [];
    if (project.image.some(({ keyword }) => keyword === "HEALTHCHECK")) return [];
    if (composeFiles(project).some((text) => /^\s+healthcheck:/m.test(text))) return [];
    const message = `Docker and Compose do not notice if \`${shown(command)}\` no longer answers requests. Kubernetes needs probes instead.`;
    return [{ ...at(command.instruction), message }];
  },
};

/** @param {CheckedProject} project */
const composeFiles = ({ input }) =>
  Object.entries(input.texts ?? {}).flatMap(([path, text]) =>
    /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(path) ? [text] : [],
  );
