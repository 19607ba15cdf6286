// @ts-check
import { composeFiles } from "../compose-lines.js";
import { absolute, isWithin, withoutSlash } from "../paths.js";

/** @type {Rule} */
export const rule = {
  id: "mount-hides-venv",
  title: "A mount over the code hides the virtual environment",
  advice: "Set `UV_PROJECT_ENVIRONMENT` to a folder outside of the mount, such as `/opt/venv`.",
  severity: "breaks",
  claims: ["a-mount-over-the-code-hides-the-environment"],
  noFix:
    "The path of the environment is also on `PATH`, in `COPY` lines and in the settings of editors.",
  check: (project) => {
    const targets = project.installs.filter(({ ships }) => ships).map(({ target }) => target);
    return composeFiles(project).flatMap(([file, text]) => {
      const lines = text.split("\n");
      const volumes = lines.flatMap((line, index) => {
        const match = /^\s*-\s*["']?([^\s"':]*):?(\/[^\s"':]*)?(?::\w+)?["']?\s*(?:#.*)?$/.exec(
          line,
        );
        return match ? [{ line: index + 1, from: match[1], to: match[2] ?? match[1] }] : [];
      });
      return volumes.flatMap(({ line, from, to }) => {
        if (!/^\.{1,2}(?:\/|$)/.test(from) || !to.startsWith("/")) return [];
        const mount = withoutSlash(absolute("/", to));
        const hidden = targets.find((target) => isWithin(target, mount));
        // A volume of its own keeps the environment.
        if (!hidden || volumes.some((each) => each.to === hidden)) return [];
        const message = `\`${from}\` over \`${mount}\` hides \`${hidden}\`, so Python finds no packages.`;
        return [{ file, line, lastLine: line, message }];
      });
    });
  },
};
