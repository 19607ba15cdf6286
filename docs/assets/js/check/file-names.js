// @ts-check
// The files that the checker knows by their names.

/** Stands for the file that applies to the Dockerfile, such as `Dockerfile.dockerignore`. */
export const IGNORE_FILE = ".dockerignore";
export const COMPOSE_FILE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/;
export const PIPELINE_FILE = /(?:^|\/)(?:\.gitlab-ci\.yml|\.github\/workflows\/[^/]*\.ya?ml)$/;
export const DOCKERFILE =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:[-._][^/]*)?|[^/]*\.[dD]ockerfile)$(?<!\.(?:dockerignore|md|rst|txt|j2|jinja|tmpl|template))/;
const IGNORE_FILES = /(?:^|\/)[^/]*\.dockerignore$/;
const PROJECT_FILE = /(?:^|\/)(?:pyproject\.toml|uv\.lock|uv\.toml|\.python-version)$/;
const SCRIPT = /\.sh$|(?:^|\/)(?:docker-)?(?:entrypoint|start|run|boot)[^/.]*$/;

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

/** @param {string} path */
export const isDockerfile = (path) => DOCKERFILE.test(path);
