// @ts-check
import { composeLines } from "../compose-lines.js";
import { isRoot } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "compose-user-root",
  title: "Compose runs the container as root",
  advice: "Remove the line, and give the folders that the server writes to the user of the image.",
  severity: "risky",
  claims: [],
  lacks: "`user: root` in compose.yaml overrides the USER of the image.",
  check: (project) =>
    isRoot(project.shipped.end.user)
      ? []
      : composeLines(project, /^\s+user:\s*["']?(?:root|0)(?::\w+)?["']?\s*(?:#.*)?$/).map(
          (mark) => ({
            ...mark,
            fix: [{ ...mark, text: [] }],
            message: `The image runs as \`${project.shipped.end.user}\`, and this line makes the server root again.`,
          }),
        ),
};
