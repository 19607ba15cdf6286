// @ts-check
import { PATTERN_C } from "../sources.js";

/** The command that takes the place of manage.py in a package. @param {Kit} kit @returns {KitFile | undefined} */
export const mainModule = ({ answers, read }) =>
  answers.layout === "plain"
    ? undefined
    : {
        path: "src/«settings»/__main__.py",
        text: read(PATTERN_C, "src/tracking/__main__.py"),
        kind: "file",
        note: "`[project.scripts]` in pyproject.toml defines a command that runs this module and replaces manage.py.",
      };
