// @ts-check
// The files that a reader gave.

import { filesToRead, IGNORE_FILE, isDockerfile } from "../check/file-names.js";

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
      const inside = folder ? `${folder}/` : "";
      return match === undefined ? path : `${inside}${name}/`;
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
