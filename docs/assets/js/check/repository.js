// @ts-check
// The Dockerfiles in a folder, each with the files of its project.

import { builtFrom, COMPOSE_FILE } from "./compose-services.js";
import { check } from "./findings.js";
import { fixAll } from "./fixes.js";
import { IGNORE_FILE } from "./line-edits.js";
import { clean, isWithin, parent } from "./paths.js";
import { PIPELINE_FILE } from "./pipeline-jobs.js";
import { readYaml } from "./yaml-files.js";
import { valueAt } from "./yaml-values.js";

const DOCKERFILE =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:[-._][^/]*)?|[^/]*\.[dD]ockerfile)$(?<!\.(?:dockerignore|md|rst|txt|j2|jinja|tmpl|template))/;
const IGNORE_FILES = /(?:^|\/)[^/]*\.dockerignore$/;
const PROJECT_FILE = /(?:^|\/)(?:pyproject\.toml|uv\.lock|uv\.toml|\.python-version)$/;
const SCRIPT = /\.sh$|(?:^|\/)(?:docker-)?(?:entrypoint|start|run|boot)[^/.]*$/;
// The root of a Python project, which the build context has to contain.
const ROOT_FILE =
  /(?:^|\/)(?:pyproject\.toml|uv\.lock|poetry\.lock|Pipfile|requirements[^/]*\.txt|manage\.py)$/;

/**
 * Return the files whose text the checker reads.
 * @param {string[]} paths
 */
export const filesToRead = (paths) =>
  paths.filter((path) =>
    [DOCKERFILE, IGNORE_FILES, PROJECT_FILE, SCRIPT, COMPOSE_FILE, PIPELINE_FILE].some((pattern) =>
      pattern.test(path),
    ),
  );

/**
 * Check a Dockerfile with the files of its project.
 * @param {CheckInput} input
 */
export const checkProject = (input) => check({ ...input, readYaml });

/**
 * Check every Dockerfile of a folder. The paths in the results start at the folder.
 * @param {Repository} repository
 * @param {OptionGrammar} grammar
 * @returns {CheckedDockerfile[]}
 */
export const checkRepository = (repository, grammar) => {
  const contexts = composeContexts(repository.texts);
  return repository.paths
    .filter((path) => DOCKERFILE.test(path) && path in repository.texts)
    .map((path) => {
      const context = contexts.get(path) ?? contextOf(path, repository.paths);
      const input = { ...inputOf(path, context, repository), grammar, readYaml };
      const result = check(input);
      /** @param {string} [file] */
      const fromFolder = (file) => (file === undefined ? path : fromContext(context, file));
      const own = ignoreFile(path, context, repository.texts);
      const fixed = Object.entries(fixAll(input)).map(([file, text]) => [
        file === "" ? path : file === IGNORE_FILE ? own : fromContext(context, file),
        text,
      ]);
      return {
        path,
        ...result,
        findings: result.findings.map((each) => ({ ...each, file: fromFolder(each.file) })),
        fixed: Object.fromEntries(fixed),
      };
    });
};

/**
 * Return the build contexts that compose files name, by the path of the Dockerfile.
 * @param {Readonly<Record<string, string>>} texts
 */
const composeContexts = (texts) => {
  const files = Object.entries(texts).filter(([path]) => COMPOSE_FILE.test(path));
  const builds = files.flatMap(([path, text]) =>
    [...(valueAt(readYaml(text), "services")?.entries?.values() ?? [])].flatMap(({ node }) => {
      const build = valueAt(node, "build");
      return build ? [builtFrom(path, build)] : [];
    }),
  );
  return new Map(builds.map(({ context, dockerfile }) => [dockerfile, context]));
};

/**
 * Return the folder that is probably the build context: the closest folder above the Dockerfile that
 * has the files of a Python project, or the folder of the Dockerfile.
 * @param {string} path
 * @param {string[]} paths
 */
const contextOf = (path, paths) => {
  const roots = new Set(paths.filter((each) => ROOT_FILE.test(each)).map(parent));
  for (let folder = parent(path); ; folder = parent(folder)) {
    if (roots.has(folder)) return folder;
    if (folder === "") return parent(path);
  }
};

/**
 * @param {string} path
 * @param {string} context
 * @param {Repository} repository
 * @returns {Omit<CheckInput, "grammar">}
 */
const inputOf = (path, context, { paths, texts }) => {
  const inContext = paths.filter((each) => isWithin(`/${each}`, `/${context}`));
  // Compose and CI files can be above the build context.
  const read = Object.entries(texts).filter(
    ([each]) =>
      !DOCKERFILE.test(each) &&
      (isWithin(`/${each}`, `/${context}`) || COMPOSE_FILE.test(each) || PIPELINE_FILE.test(each)),
  );
  return {
    context,
    path: fromRoot(context, path),
    dockerfile: texts[path],
    dockerignore: texts[ignoreFile(path, context, texts)],
    files: Object.fromEntries(inContext.map((each) => [fromRoot(context, each), ""])),
    texts: Object.fromEntries(read.map(([each, text]) => [fromRoot(context, each), text])),
  };
};

/**
 * Return the path of the .dockerignore file. A file of the Dockerfile's own takes precedence.
 * @param {string} path
 * @param {string} context
 * @param {Readonly<Record<string, string>>} texts
 */
const ignoreFile = (path, context, texts) => {
  const own = `${path}.dockerignore`;
  return own in texts ? own : fromContext(context, IGNORE_FILE);
};

/** @param {string} context @param {string} path */
const fromContext = (context, path) => clean(`${context}/${path}`);

/** @param {string} context @param {string} path The path from the folder. */
const fromRoot = (context, path) => {
  if (context === "") return path;
  if (path.startsWith(`${context}/`)) return path.slice(context.length + 1);
  return `${"../".repeat(context.split("/").length)}${path}`;
};
