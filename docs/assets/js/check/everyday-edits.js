// @ts-check
// The everyday edits of a developer, each made to a reader's project.

import { parent } from "./paths.js";

// The folder of a project's pyproject.toml, relative to uv.lock.
const ROOT = ".";
// Files that list packages, apart from pyproject.toml.
const LOCKFILE = /^(?:uv\.lock|poetry\.lock|Pipfile|Pipfile\.lock|requirements.*\.(?:in|txt))$/;
const TESTS = /(?:^|\/)tests?\//;
// The package that the edit "dependency" adds.
const PACKAGE = "sentry-sdk";
const LOCKED_PACKAGE = `[[package]]\nname = "${PACKAGE}"\nversion = "1"\n`;

/**
 * Return the project after each edit, by the name of the edit. An edit is left out if the project
 * lacks what it changes.
 * @param {BuildInput} project
 * @returns {Record<string, BuildInput>}
 */
export const everydayEdits = (project) => {
  const folder = builtMember(project);
  const edits = {
    view: editedFile(project, /(?:^|\/)views(?:\/.*)?\.py$/, folder),
    template: editedFile(project, /(?:^|\/)templates\/.*\.html$/, folder),
    ruff: editedFile(project, linterSettings(project)),
    version: withVersion(project, folder),
    dependency: withDependency(project, folder),
    uv: withOtherUv(project),
  };
  /** @type {Record<string, BuildInput>} */
  const possible = {};
  for (const [name, after] of Object.entries(edits)) if (after) possible[name] = after;
  return possible;
};

/**
 * Return the folder of the workspace member that the Dockerfile installs with `--package`. For any
 * other project, return the root.
 * @param {BuildInput} project
 */
const builtMember = ({ dockerfile, texts = {} }) => {
  const name = /\s--package[=\s]([\w.-]+)/.exec(dockerfile)?.[1];
  const path = Object.keys(texts).find(
    (each) =>
      name !== undefined &&
      each.endsWith("/pyproject.toml") &&
      /^name = "(.*)"/m.exec(texts[each])?.[1] === name,
  );
  return path ? parent(path) : ROOT;
};

/**
 * Return the project with other files. Their new hash differs from the hash of any content.
 * @param {BuildInput} project
 * @param {string[]} paths
 * @param {Record<string, string>} [texts] The new content of files, as far as it is known.
 * @returns {BuildInput}
 */
const withFiles = (project, paths, texts = {}) => ({
  ...project,
  files: {
    ...project.files,
    ...Object.fromEntries(paths.map((path) => [path, `${project.files[path]} edited`])),
  },
  texts: { ...project.texts, ...texts },
});

/** @param {BuildInput} project @param {RegExp | undefined} pattern @param {string} [folder] */
const editedFile = (project, pattern, folder = ROOT) => {
  const paths = Object.keys(project.files)
    .filter((each) => folder === ROOT || each.startsWith(`${folder}/`))
    .sort();
  const path = paths.find((each) => pattern?.test(each) && !TESTS.test(each));
  return path === undefined ? undefined : withFiles(project, [path]);
};

/** @param {BuildInput} project */
const linterSettings = ({ files, texts }) => {
  if (/^\[tool\.ruff/m.test(texts?.["pyproject.toml"] ?? "")) return /^pyproject\.toml$/;
  return Object.keys(files).some((path) => /^\.?ruff\.toml$/.test(path))
    ? /^\.?ruff\.toml$/
    : undefined;
};

/** @param {BuildInput} project @param {string} folder */
const withVersion = (project, folder) => {
  const pyproject = replaced(project, manifest(folder), /^(version = ").*"/m, '$19999.9"');
  if (!pyproject) return undefined;
  const own = new RegExp(`(version = ").*"\\n(${source(folder)})`);
  const lockfile = replaced(project, "uv.lock", own, '$19999.9"\n$2');
  const texts = { ...pyproject, ...lockfile };
  return withFiles(project, Object.keys(texts), texts);
};

/** @param {BuildInput} project @param {string} folder */
const withDependency = (project, folder) => {
  const pyproject = replaced(
    project,
    manifest(folder),
    /^(dependencies = \[)/m,
    `$1"${PACKAGE}", `,
  );
  const required = replaced(
    project,
    "uv.lock",
    new RegExp(`(${source(folder)}\\ndependencies = \\[)`),
    `$1{ name = "${PACKAGE}" }, `,
  );
  const lockfile = required && {
    "uv.lock": `${withMetadata(required["uv.lock"], folder)}\n${LOCKED_PACKAGE}`,
  };
  const paths = Object.keys(project.files).filter(
    (path) => path === manifest(folder) || LOCKFILE.test(path),
  );
  return paths.length === 0 ? undefined : withFiles(project, paths, { ...pyproject, ...lockfile });
};

/**
 * Add the package to the requirements that uv compares with pyproject.toml.
 * @param {string} lockfile
 * @param {string} folder
 */
const withMetadata = (lockfile, folder) =>
  lockfile.replace(
    new RegExp(`(${source(folder)}\\n.*?\\nrequires-dist = \\[)`, "s"),
    `$1{ name = "${PACKAGE}" }, `,
  );

/** Return the path of a project's pyproject.toml. @param {string} folder */
const manifest = (folder) => (folder === ROOT ? "pyproject.toml" : `${folder}/pyproject.toml`);

/** Return an expression for the source of a project in uv.lock. @param {string} folder */
const source = (folder) =>
  `source = \\{ (?:virtual|editable) = "${folder.replaceAll(".", "\\.")}" \\}`;

/**
 * @param {BuildInput} project
 * @param {string} path
 * @param {RegExp} pattern
 * @param {string} replacement
 * @returns {Record<string, string> | undefined}
 */
const replaced = ({ texts }, path, pattern, replacement) => {
  const text = texts?.[path] ?? "";
  return pattern.test(text) ? { [path]: text.replace(pattern, replacement) } : undefined;
};

/** @param {BuildInput} project @returns {BuildInput | undefined} */
const withOtherUv = (project) => {
  const version = /(\/uv:|\buv==|^ARG UV_VERSION=)(\d+\.\d+)(?:\.\d+)?/m;
  const { dockerfile } = project;
  if (!version.test(dockerfile)) return undefined;
  return { ...project, dockerfile: dockerfile.replace(version, "$1$2.999") };
};
