// @ts-check
import { baseImage } from "../base-images.js";
import { at } from "../line-edits.js";
import { isRoot } from "../uv-calls.js";

const BASE = /(?:^|[-_./])base(?:[-_./]|$)/i;

/** @type {Rule} */
export const rule = {
  id: "runs-as-root",
  title: "The container runs as root",
  advice:
    "Create a user, make it the owner of the folders that the server writes to, and add `USER` with its numeric ID.",
  severity: "risky",
  claims: ["an-image-without-user-runs-as-root"],
  noFix: "The checker cannot tell which folders the server has to write to.",
  check: (project) => {
    const { shipped, image, start, dockerfile } = project;
    if (project.isDevelopment || !isRoot(shipped.end.user)) return [];
    const user = image.findLast(({ keyword }) => keyword === "USER");
    // An image of one's own can set a user.
    if (!user && baseImage(dockerfile, shipped).family === "unknown") return [];
    // What starts from an image for other images decides on the user.
    if (!start.command && !start.entrypoint && BASE.test(project.input.path ?? "")) return [];
    // Such a program starts the server as another user.
    if (/\b(?:gosu|su-exec|setpriv|s6-setuidgid|runuser)\b/.test(allTexts(project))) return [];
    const last = user ?? start.command ?? start.entrypoint ?? shipped.start;
    const reason = user ? "The last USER is root" : "No USER is set";
    return [
      {
        ...at(last),
        message: `${reason}, so the server runs as root in the container.`,
      },
    ];
  },
};

/** @param {CheckedProject} project */
const allTexts = ({ input }) => [input.dockerfile, ...Object.values(input.texts ?? {})].join("\n");
