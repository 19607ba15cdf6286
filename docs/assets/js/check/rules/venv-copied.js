// @ts-check
import { copyOfEverything, inContext } from "../ignored-files.js";
import { addToIgnoreFile, at } from "../line-edits.js";
import { rule as venvNotIgnored } from "./venv-not-ignored.js";

/** @type {Rule} */
export const rule = {
  id: "venv-copied",
  title: "The image contains your own .venv",
  advice: "Name `.venv` in .dockerignore.",
  severity: "untidy",
  claims: ["a-venv-that-dockerignore-does-not-name-is-in-the-image"],
  check: (project) => {
    const copy = copyOfEverything(project);
    if (!copy || project.isDevelopment || project.uv.length === 0) return [];
    if (!inContext(project)?.(".venv/bin/python")) return [];
    // That is worse if the image has an environment in the same folder.
    if (venvNotIgnored.check(project).length > 0) return [];
    const message =
      ".dockerignore does not name `.venv`, so this step copies the one on your machine into the image, which does not use it.";
    return [{ ...at(copy), message, fix: addToIgnoreFile(project, ".venv") }];
  },
};
