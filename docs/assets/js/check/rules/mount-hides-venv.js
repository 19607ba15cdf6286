// @ts-check
import { composeServices } from "../compose-services.js";
import { firstOnEachLine } from "../line-edits.js";
import { absolute, isWithin, withoutSlash } from "../paths.js";
import { textOf, valueAt } from "../yaml-values.js";

/** @type {Rule} */
export const rule = {
  id: "mount-hides-venv",
  title: "A mount over the code hides the virtual environment",
  advice: "Set `UV_PROJECT_ENVIRONMENT` to a folder outside of the mount, such as `/opt/venv`.",
  severity: "breaks",
  claims: ["a-mount-over-the-code-hides-the-environment"],
  noFix: "`PATH`, `COPY` lines and editor settings also contain the path of the environment.",
  check: (project) => {
    const targets = project.installs.filter(({ ships }) => ships).map(({ target }) => target);
    const findings = composeServices(project).flatMap(({ file, node }) => {
      const volumes = (valueAt(node, "volumes")?.items ?? []).map(volumeOf);
      return volumes.flatMap(({ line, lastLine, from, to }) => {
        if (!/^\.{1,2}(?:\/|$)/.test(from) || !to.startsWith("/")) return [];
        const hidden = targets.find((target) => isWithin(target, to));
        // A volume of its own keeps the environment.
        if (!hidden || volumes.some((each) => each.to === hidden)) return [];
        const message = `\`${from}\` over \`${to}\` hides \`${hidden}\`, so Python finds no packages.`;
        return [{ file, line, lastLine, message }];
      });
    });
    return firstOnEachLine(findings);
  },
};

/** @param {YamlNode} node */
const volumeOf = (node) => {
  const [first, second] = textOf(node).split(":");
  const from = node.text === undefined ? textOf(valueAt(node, "source")) : second ? first : "";
  const to = node.text === undefined ? textOf(valueAt(node, "target")) : (second ?? first);
  const { line, lastLine } = node;
  return { line, lastLine, from, to: to.startsWith("/") ? withoutSlash(absolute("/", to)) : to };
};
