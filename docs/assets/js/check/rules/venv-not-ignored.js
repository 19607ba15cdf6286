// @ts-check

import { copyOfEverything, inContext } from "../ignored-files.js";
import { addToIgnoreFile, at } from "../line-edits.js";
import { absolute, withoutSlash } from "../paths.js";

/** @type {Rule} */
export const rule = {
  id: "venv-not-ignored",
  title: "Your own .venv replaces the one of the image",
  advice: "Name `.venv` in .dockerignore.",
  severity: "breaks",
  claims: ["a-venv-that-dockerignore-does-not-name-is-in-the-image"],
  check: (project) => {
    const isCopied = inContext(project);
    const copy = copyOfEverything(project);
    if (!isCopied?.(".venv/bin/python") || !copy) return [];
    const target = withoutSlash(absolute(copy.workdir, copy.words.at(-1) ?? ""));
    const environment = withoutSlash(absolute(target, ".venv"));
    const install = project.installs.find((call) => call.ships && call.target === environment);
    if (!install) return [];
    const message = `.dockerignore does not name \`.venv\`, so this step copies your own \`.venv\` over \`${environment}\`, in which nothing starts then.`;
    return [{ ...at(copy), message, fix: addToIgnoreFile(project, ".venv") }];
  },
};
