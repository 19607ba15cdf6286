// @ts-check
import { baseImage } from "../base-images.js";
import { composeServices } from "../compose-services.js";
import { at } from "../line-edits.js";
import { entry } from "../yaml-values.js";

const BASE = /(?:^|[-_./])base(?:[-_./]|$)/i;

/** @type {Rule} */
export const rule = {
  id: "no-start-command",
  title: "The image does not start the server",
  advice: "Add a `CMD` that starts the server.",
  severity: "untidy",
  claims: ["an-image-without-cmd-starts-the-prompt-of-python"],
  notTried: "A start script that runs its arguments and gets none.",
  noFix: "The checker cannot tell how your server starts.",
  check: (project) => {
    const { start, shipped, dockerfile, installs, input } = project;
    const { family } = baseImage(dockerfile, shipped);
    if (project.isDevelopment || (family !== "python" && family !== "uv")) return [];
    // Other images start from such an image.
    if (BASE.test(`${input.path ?? ""}/${shipped.name}`)) return [];
    if (!installs.some(({ ships }) => ships) || start.command || isStartedByCompose(project)) {
      return [];
    }
    if (!start.entrypoint) {
      const message =
        "The image has no CMD, so `docker run` starts the Python prompt of the base image, which exits immediately.";
      return [{ ...at(shipped.start), message }];
    }
    if (!start.needsArguments) return [];
    const message =
      "The start script runs the CMD, which the image does not have, so the container exits after the script.";
    return [{ ...at(start.entrypoint), message }];
  },
};

/** Whether a compose file for production has the command. @param {CheckedProject} project */
const isStartedByCompose = (project) =>
  composeServices(project).some(
    ({ node, isDevelopment }) => !isDevelopment && entry(node, "command") !== undefined,
  );
