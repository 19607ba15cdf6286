// @ts-check
import { inProduction } from "../compose-services.js";
import { isRoot } from "../uv-calls.js";
import { entry, textOf } from "../yaml-values.js";

/** @type {Rule} */
export const rule = {
  id: "compose-user-root",
  title: "Compose runs the container as root",
  advice:
    "Remove the line, and make the user of the image the owner of the folders that the server writes to.",
  severity: "risky",
  claims: ["user-in-compose-replaces-the-user-of-the-image"],
  check: (project) =>
    isRoot(project.shipped.end.user)
      ? []
      : inProduction(project, (service) => asRoot(project, service)),
};

/** @param {CheckedProject} project @param {ComposeService} service @returns {RuleFinding[]} */
const asRoot = ({ shipped }, { file, name, node }) => {
  const user = entry(node, "user");
  if (!user || !/^(?:root|0)(?::|$)/.test(textOf(user.node))) return [];
  const mark = { file, line: user.line, lastLine: user.node.lastLine };
  const message = `The image runs as \`${shipped.end.user}\`, and this line makes the service \`${name}\` root again.`;
  return [{ ...mark, message, fix: [{ ...mark, text: [] }] }];
};
