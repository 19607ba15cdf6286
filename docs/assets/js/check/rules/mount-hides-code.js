// @ts-check
import { inProduction } from "../compose-services.js";
import { isFromProject, volumesOf } from "../compose-volumes.js";
import { copyTarget, shippedCopies } from "../ignored-files.js";
import { clean, parent } from "../paths.js";
import { rule as mountHidesVenv } from "./mount-hides-venv.js";

/** @type {Rule} */
export const rule = {
  id: "mount-hides-code",
  title: "A mount replaces the code of the image",
  advice: "Move the line to `compose.override.yaml`, or to another file for development.",
  severity: "risky",
  claims: ["a-mount-over-the-code-hides-the-environment"],
  noFix: "The lines have to move to another file.",
  check: (project) => {
    // That is worse.
    const others = new Set(
      mountHidesVenv.check(project).map(({ file, line }) => `${file}:${line}`),
    );
    const copied = copiedFolders(project);
    return inProduction(project, (service) =>
      volumesOf(service)
        .filter(isFromProject)
        .filter(({ mark: { file, line } }) => !others.has(`${file}:${line}`))
        .filter(({ mark, from, to }) => copied(clean(`${parent(mark.file)}/${from}`)) === to)
        .map(({ mark, from, to }) => ({
          ...mark,
          message: `\`${service.name}\` runs the code in \`${from}\` on the machine that starts it, not the code that the image has in \`${to}\`.`,
        })),
    );
  },
};

/**
 * Return a function that says where the image has a folder of the build context, if it has code.
 * @param {CheckedProject} project
 */
const copiedFolders = (project) => {
  const copies = shippedCopies(project).flatMap((instruction) =>
    instruction.words.slice(0, -1).map((source) => ({
      source: clean(source),
      target: copyTarget(instruction),
    })),
  );
  const paths = Object.keys(project.input.files ?? {}).filter((path) => path.endsWith(".py"));
  /** @param {string} folder */
  return (folder) => {
    const copy = copies.find(
      ({ source }) => source === folder || source === "" || folder.startsWith(`${source}/`),
    );
    const hasCode =
      copy?.source === folder ||
      folder === "" ||
      paths.some((path) => path.startsWith(`${folder}/`));
    if (!copy || !hasCode) return undefined;
    const rest = folder.slice(copy.source.length);
    return `/${clean(`${copy.target}/${rest}`)}`;
  };
};
