// @ts-check
import { copyOfEverything } from "../ignored-files.js";
import { IGNORE_FILE } from "../line-edits.js";

const IN_EVERY_FOLDER = /^(?:__pycache__\/?|\*\.py(?:[cod]|\[[cod]+\]))$/;

/** @type {Rule} */
export const rule = {
  id: "ignore-pattern-at-root",
  title: "A line of .dockerignore does not apply to subfolders",
  advice: "Begin the line with `**/`.",
  severity: "untidy",
  claims: ["a-pattern-in-dockerignore-applies-to-the-root-alone"],
  check: (project) => {
    if (project.isDevelopment || !copyOfEverything(project)) return [];
    const lines = (project.input.dockerignore ?? "").split(/\r?\n/).map((line) => line.trim());
    const isElsewhere = (/** @type {string} */ name) => lines.includes(`**/${name}`);
    const found = lines.flatMap((text, index) =>
      IN_EVERY_FOLDER.test(text) && !isElsewhere(text) ? [{ text, line: index + 1 }] : [],
    );
    if (found.length === 0) return [];
    const [{ text, line }] = found;
    return [
      {
        file: IGNORE_FILE,
        line,
        lastLine: line,
        message: `\`${text}\` matches only in the root of the build context, so the image contains matching files from subfolders.`,
        fix: found.map((each) => ({
          file: IGNORE_FILE,
          line: each.line,
          lastLine: each.line,
          text: [`**/${each.text}`],
        })),
      },
    ];
  },
};
