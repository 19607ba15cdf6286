// @ts-check

import { copyOfEverything, inContext } from "../ignored-files.js";
import { addToIgnoreFile, at } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "secrets-not-ignored",
  title: "`COPY . .` takes .env or .git into the image",
  advice: "Name the files in .dockerignore.",
  severity: "breaks",
  claims: [
    "a-venv-that-dockerignore-does-not-name-is-in-the-image",
    "what-a-later-run-removes-stays-in-the-image",
  ],
  check: (project) => {
    const isCopied = inContext(project);
    const copy = copyOfEverything(project);
    if (!isCopied || !copy || project.isDevelopment) return [];
    const names = [".env", ".git"].filter((name) =>
      name === ".git" ? isRepository(project) && isCopied(".git/config") : isCopied(name),
    );
    if (names.length === 0) return [];
    const file =
      project.input.dockerignore === undefined ? "No .dockerignore" : ".dockerignore does not";
    const verb = project.input.dockerignore === undefined ? "excludes" : "exclude";
    const message = `${file} ${verb} ${names.map((name) => `\`${name}\``).join(" and ")}, so the image contains what is there when you build it on your machine.`;
    const fix = needsGit(project) ? undefined : addToIgnoreFile(project, ...names);
    return [{ ...at(copy), message, fix }];
  },
};

/** Whether the folder has files that are at the root of a repository. @param {CheckedProject} project */
const isRepository = ({ input }) =>
  Object.keys(input.files ?? {}).some((path) =>
    /^\.git(?:hub|lab-ci|ignore|attributes)?(?:\/|\.|$)/.test(path),
  );

/** A build backend or a step can read the version from Git. @param {CheckedProject} project */
const needsGit = ({ input, commands }) =>
  /\b(?:hatch-vcs|setuptools[-_]scm|uv-dynamic-versioning|versioningit|dunamai|pbr)\b/.test(
    input.texts?.["pyproject.toml"] ?? "",
  ) || commands.some(({ words }) => words[0] === "git");
