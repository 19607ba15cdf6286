// @ts-check
import { composeServices } from "../compose-services.js";
import { at } from "../line-edits.js";
import { server } from "../start-commands.js";
import { entry } from "../yaml-values.js";

/** @type {Rule} */
export const rule = {
  id: "no-health-check",
  title: "The image has no health check",
  advice:
    "Add a `HEALTHCHECK` that makes a request, or configure probes if the container runs on Kubernetes.",
  severity: "untidy",
  claims: ["without-a-health-check-docker-does-not-notice-a-server-that-hangs"],
  noFix: "The checker cannot tell which address and port answer requests.",
  check: (project) => {
    const command = server(project)?.instruction ?? hiddenServer(project);
    if (project.isDevelopment || !command) return [];
    if (project.image.some(({ keyword }) => keyword === "HEALTHCHECK")) return [];
    if (composeServices(project).some(({ node }) => entry(node, "healthcheck"))) return [];
    const message = "Docker does not notice if the server no longer answers requests.";
    return [{ ...at(command), message }];
  },
};

/**
 * A script whose text is unknown, or that another file names, starts a server if there is a port.
 * @param {CheckedProject} project
 */
const hiddenServer = ({ start, image }) => {
  const port = image.find(({ keyword }) => keyword === "EXPOSE");
  const instruction = start.command ?? start.entrypoint;
  if (!port || (instruction && start.hiddenScript === undefined)) return undefined;
  return instruction ?? port;
};
