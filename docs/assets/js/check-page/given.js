// @ts-check
// The files that a reader gave, as the checker reads them.

import { IGNORE_FILE } from "../check/line-edits.js";
import { filesToRead, isDockerfile, pathInFolder, projectInputs } from "../check/project-inputs.js";

/**
 * What a reader gave. `paths` is absent for pasted files, because the other files are unknown then.
 * @typedef {{ texts: Record<string, string>, paths?: string[], dockerfile: string }} Given
 */

// Files with which the answers are better.
export const SLOTS = [
  "Dockerfile",
  "pyproject.toml",
  "uv.lock",
  IGNORE_FILE,
  "compose.yaml",
  ".gitlab-ci.yml",
  ".github/workflows/ci.yml",
];
// Folders whose files do not matter. Their names do, because `COPY . .` copies them.
const SKIPPED =
  /^(?:(.*?)\/)?(\.git|\.hg|\.venv|venv|node_modules|__pycache__|\.tox|\.mypy_cache)\//;

/** @returns {Given} */
export const nothing = () => ({ texts: {}, dockerfile: "Dockerfile" });

/**
 * Return the paths of a folder, with those of skipped folders instead of their files.
 * @param {string[]} paths
 */
export const shortened = (paths) => [
  ...new Set(
    paths.map((path) => {
      const [match, folder, name] = path.match(SKIPPED) ?? [];
      return match === undefined ? path : `${folder ? `${folder}/` : ""}${name}/`;
    }),
  ),
];

/**
 * Return the files of a folder whose texts the checker reads.
 * @param {string[]} paths
 */
export const pathsToRead = (paths) => filesToRead(shortened(paths));

/**
 * Return the folder as a reader gave it. The Dockerfile that is closest to its root comes first.
 * @param {string[]} paths
 * @param {Record<string, string>} texts
 * @returns {Given}
 */
export const givenFolder = (paths, texts) => {
  const dockerfiles = Object.keys(texts).filter(isDockerfile);
  const [first = "Dockerfile"] = dockerfiles.sort((one, other) => rank(one) - rank(other));
  return { texts, paths: shortened(paths), dockerfile: first };
};

/** @param {string} path */
const rank = (path) => 2 * path.split("/").length + (/(?:^|\/)Dockerfile$/.test(path) ? 0 : 1);

/**
 * Return the name under which a single file counts, such as "Dockerfile" for web.Dockerfile.
 * @param {string} name
 */
export const slotOf = (name) => {
  if (isDockerfile(name)) return "Dockerfile";
  if (/\.dockerignore$/.test(name)) return IGNORE_FILE;
  if (/gitlab-ci.*\.ya?ml$/.test(name)) return ".gitlab-ci.yml";
  if (/compose[^/]*\.ya?ml$/.test(name)) return "compose.yaml";
  if (/\.ya?ml$/.test(name)) return ".github/workflows/ci.yml";
  return name;
};

/** Whether a YAML file was given. @param {Given} given */
export const hasYaml = ({ texts }) =>
  Object.entries(texts).some(([path, text]) => /\.ya?ml$/.test(path) && text.trim() !== "");

/**
 * Return the input of the checker, and a function that returns the given path of a file in it.
 * @param {Given} given
 * @param {CheckInput["readYaml"]} readYaml
 * @returns {{ input: Omit<CheckInput, "grammar">, pathOf: (file?: string) => string }}
 */
export const inputOf = (given, readYaml) => (given.paths ? ofFolder : ofTexts)(given, readYaml);

/**
 * @param {Given} given
 * @param {CheckInput["readYaml"]} readYaml
 * @returns {ReturnType<typeof inputOf>}
 */
const ofFolder = (given, readYaml) => {
  const { texts, paths = [], dockerfile } = given;
  const project = projectInputs({ texts, paths }, readYaml).find(({ path }) => path === dockerfile);
  return project
    ? { input: project.input, pathOf: (file) => pathInFolder(project, file) }
    : ofTexts(given, readYaml);
};

/**
 * @param {Given} given
 * @param {CheckInput["readYaml"]} readYaml
 * @returns {ReturnType<typeof inputOf>}
 */
const ofTexts = ({ texts, dockerfile: path }, readYaml) => {
  const written = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const {
    [path]: dockerfile = "",
    [IGNORE_FILE]: dockerignore,
    ...others
  } = Object.fromEntries(written);
  return {
    input: { dockerfile, dockerignore, texts: others, readYaml },
    pathOf: (file = "") => file || path,
  };
};
