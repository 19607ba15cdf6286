// @ts-check
import { baseImage } from "../base-images.js";
import { at, insertAbove, insertBelow } from "../line-edits.js";

const NAME = "PYTHONUNBUFFERED";

/** @type {Rule} */
export const rule = {
  id: "output-buffered",
  title: "Python buffers what it prints",
  advice: "Set `PYTHONUNBUFFERED=1`.",
  severity: "untidy",
  claims: ["a-killed-container-loses-what-python-has-buffered"],
  check: (project) => {
    const { start, shipped, dockerfile, isDevelopment, installs } = project;
    if (isDevelopment || baseImage(dockerfile, shipped).family === "unknown") return [];
    if (!installs.some(({ ships }) => ships) || isSet(project)) return [];
    const instruction = start.command ?? start.entrypoint;
    const line = `ENV ${NAME}=1`;
    return [
      {
        ...at(instruction ?? shipped.start),
        message:
          "Python collects printed lines in a buffer, so they reach the container log late, and are lost if the process is killed.",
        fix: instruction
          ? insertAbove(project, instruction, line)
          : insertBelow(shipped.start, line),
      },
    ];
  },
};

/** Whether the image, a start script or a compose file sets it. @param {CheckedProject} project */
const isSet = ({ shipped, start, input }) =>
  Boolean(shipped.end.environment.get(NAME)) ||
  start.hiddenScript !== undefined ||
  start.commands.some(({ words }) => words.slice(0, 4).includes("-u")) ||
  Object.values(input.texts ?? {}).some((text) => text.includes(NAME));
