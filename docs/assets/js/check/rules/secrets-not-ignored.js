// @ts-check

import { inContext, shippedCopies } from "../ignored-files.js";
import { addToIgnoreFile, at } from "../line-edits.js";
import { clean, isWithin } from "../paths.js";
import { usesSqlite } from "../sqlite.js";

/** @type {Rule} */
export const rule = {
  id: "secrets-not-ignored",
  title: "A COPY takes .env, .git or a database into the image",
  advice: "Name the files in .dockerignore.",
  severity: "breaks",
  claims: [
    "a-venv-that-dockerignore-does-not-name-is-in-the-image",
    "what-a-later-run-removes-stays-in-the-image",
  ],
  check: (project) => {
    const isCopied = inContext(project);
    if (!isCopied || project.isDevelopment) return [];
    const [found] = shippedCopies(project).flatMap((copy) => {
      const names = namesOf(project, copy.words.slice(0, -1).map(clean)).filter((name) =>
        isCopied(name === ".git" ? ".git/config" : name),
      );
      return names.length > 0 ? [{ copy, names }] : [];
    });
    if (!found) return [];
    const { copy, names } = found;
    const file =
      project.input.dockerignore === undefined ? "No .dockerignore" : ".dockerignore does not";
    const verb = project.input.dockerignore === undefined ? "excludes" : "exclude";
    const message = `${file} ${verb} ${listed(names)}, so the image contains what is there when you build it on your machine.`;
    const fix = needsGit(project) ? undefined : addToIgnoreFile(project, ...names);
    return [{ ...at(copy), message, fix }];
  },
};

/**
 * Return what the copied folders may contain. A .env file belongs next to an example of one.
 * @param {CheckedProject} project
 * @param {string[]} folders
 */
const namesOf = (project, folders) => {
  const nested = Object.keys(project.input.files ?? {}).flatMap((path) => {
    const [, folder] = /^(.+)\/(?:\.env\.\w+|manage\.py)$/.exec(path) ?? [];
    const isIn = (/** @type {string} */ each) => isWithin(`/${folder}`, `/${each}`);
    return folder && folders.some(isIn) ? [`${folder}/.env`] : [];
  });
  const own = [
    ".env",
    ...(isRepository(project) ? [".git"] : []),
    ...(usesSqlite(project) ? ["db.sqlite3"] : []),
  ];
  return [...(folders.includes("") ? own : []), ...new Set(nested)];
};

/** @param {string[]} names */
const listed = (names) => {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter(Boolean).join(" and ");
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
