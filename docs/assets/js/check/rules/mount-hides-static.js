// @ts-check
import { commandsOf, inProduction } from "../compose-services.js";
import { isFromProject, volumesOf } from "../compose-volumes.js";
import { djangoCommand } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "mount-hides-static",
  title: "A mount hides the static files of the image",
  advice: "Serve the files from the image, or run `collectstatic` when the service starts.",
  severity: "risky",
  claims: ["a-volume-keeps-the-files-of-the-first-image"],
  noFix: "The checker cannot tell what serves the files.",
  check: (project) => {
    const collects = (/** @type {ShellCommand} */ each) => djangoCommand(each) === "collectstatic";
    const isHidden = project.start.hiddenScript !== undefined;
    if (!project.commands.some(collects) || project.start.commands.some(collects) || isHidden) {
      return [];
    }
    return inProduction(project, (service) =>
      commandsOf(project, service).some(collects)
        ? []
        : volumesOf(service)
            .filter(({ from, to }) => from !== "" && /\/static[\w-]*$/.test(to))
            .map((volume) => ({ ...volume.mark, message: hiddenFiles(volume) })),
    );
  },
};

/** @param {import("../compose-volumes.js").Volume} volume */
const hiddenFiles = (volume) => {
  const { from, to } = volume;
  return isFromProject(volume)
    ? `\`${from}\` hides what the build has collected in \`${to}\`.`
    : `Docker fills \`${from}\` from \`${to}\` only while it is empty, so it keeps the files of the first release.`;
};
