// @ts-check
// The Dockerfiles in a folder, each with what the rules read of its project.

import { builtFrom } from "./compose-services.js";
import {
  COMPOSE_FILE,
  DOCKERFILE,
  IGNORE_FILE,
  isDockerfile,
  PIPELINE_FILE,
} from "./file-names.js";
import { clean, isWithin, parent } from "./paths.js";
import { valueAt } from "./yaml-values.js";

// The root of a Python project, which the build context has to contain.
const ROOT_FILE =
  /(?:^|\/)(?:pyproject\.toml|uv\.lock|poetry\.lock|Pipfile|requirements[^/]*\.txt|manage\.py)$/;

/**
 * Return every Dockerfile of a folder with its build context, its ignore file and its input.
 * @param {Repository} repository
 * @param {YamlSupport} [yaml]
 */
export const projectInputs = (repository, yaml) => {
  const contexts = composeContexts(repository.texts, yaml);
  return repository.paths
    .filter((path) => isDockerfile(path) && path in repository.texts)
    .map((path) => {
      const context = contexts.get(path) ?? contextOf(path, repository.paths);
      return {
        path,
        context,
        ignoreFile: ignoreFile(path, context, repository.texts),
        input: { ...inputOf(path, context, repository), yaml },
      };
    });
};

/**
 * Return the path of a file in the folder. The parameter is its path from the build context, which
 * is empty for the Dockerfile.
 * @param {Pick<ReturnType<typeof projectInputs>[number], "path" | "context" | "ignoreFile">} project
 * @param {string} [file]
 */
export const pathInFolder = ({ path, context, ignoreFile }, file = "") => {
  if (file === "") return path;
  return file === IGNORE_FILE ? ignoreFile : fromContext(context, file);
};

/**
 * Return the build contexts that compose files name, by the path of the Dockerfile.
 * @param {Readonly<Record<string, string>>} texts
 * @param {YamlSupport} [yaml]
 */
const composeContexts = (texts, yaml) => {
  const files = Object.entries(texts).filter(([path]) => COMPOSE_FILE.test(path));
  const builds = files.flatMap(([path, text]) =>
    [...(valueAt(yaml?.read(text), "services")?.entries?.values() ?? [])].flatMap(({ node }) => {
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
 * @returns {Omit<CheckInput, "grammar" | "yaml">}
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
