// @ts-check
import { atCommand } from "../line-edits.js";
import { installedPackages } from "../system-packages.js";

/** @type {Rule} */
export const rule = {
  id: "apt-recommends",
  title: "apt also installs recommended packages",
  advice: "Pass `--no-install-recommends`, and name what you need.",
  severity: "untidy",
  claims: ["apt-also-installs-recommended-packages"],
  noFix: "The checker cannot tell which of the recommended packages you need.",
  check: (project) => {
    if (project.isDevelopment || /Install-Recommends/i.test(project.input.dockerfile)) return [];
    return installedPackages(project)
      .filter(
        ({ program, words }) => program !== "apk" && !words.includes("--no-install-recommends"),
      )
      .map(({ command, names }) => ({
        ...atCommand(project, command, /\bapt(?:-get)?\b.*\binstall\b/),
        message: `apt also installs the packages that ${names.length > 1 ? "these packages recommend" : `\`${names[0]}\` recommends`}, although no line names them.`,
      }));
  },
};
