// @ts-check
import { readImage } from "../base-images.js";
import { commandsOf, composeServices } from "../compose-services.js";
import { at } from "../line-edits.js";
import { PIPELINE_FILE } from "../pipeline-jobs.js";
import { uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "uv-unused",
  title: "The image contains uv, which nothing uses",
  advice: "Remove the line, or mount uv in the step that needs it.",
  severity: "untidy",
  claims: ["uv-copied-into-the-image-costs-its-size", "uv-from-a-bind-mount-leaves-nothing"],
  check: (project) => {
    const copies = project.shipped.instructions.filter(copiesUv(project));
    const { start, commands, image } = project;
    const isUsed =
      commands.some((each) => image.includes(each.instruction) && uvCall(each)) ||
      start.commands.some((each) => uvCall(each)) ||
      start.hiddenScript !== undefined ||
      scriptsOf(project).some((text) => /\buvx?\s/.test(text)) ||
      composeServices(project).some((each) => commandsOf(project, each).some(uvCall)) ||
      // Scripts and inherited instructions can call it.
      image.some(
        ({ keyword, script }) =>
          /^(?:RUN|ONBUILD)$/.test(keyword) && /\buvx?\b|\.sh\b|\bmake\b/.test(script),
      );
    return isUsed
      ? []
      : copies.map((instruction) => ({
          ...at(instruction),
          message:
            "uv adds more than 30 MB to the image, and neither a step nor the start of the container calls it.",
          fix: [{ ...at(instruction), text: [] }],
        }));
  },
};

/** @param {CheckedProject} project @returns {(instruction: DockerfileInstruction) => boolean} */
const copiesUv =
  ({ dockerfile }) =>
  ({ keyword, origin, words }) => {
    if (keyword !== "COPY" || !origin) return false;
    const sources = words.slice(0, -1);
    if (!sources.every((word) => /(?:^|\/)uvx?$/.test(word))) return false;
    const base = origin.image ?? dockerfile.stages[origin.stage ?? 0].base;
    return readImage(base).family === "uv" || sources.every((word) => /bin\/uvx?$/.test(word));
  };

/**
 * Return the texts of scripts, with which people can call uv in the container.
 * @param {CheckedProject} project
 */
const scriptsOf = ({ input, documents }) =>
  Object.entries(input.texts ?? {}).flatMap(([path, text]) =>
    /\.(?:toml|lock)$/.test(path) || PIPELINE_FILE.test(path) || documents.has(path) ? [] : [text],
  );
