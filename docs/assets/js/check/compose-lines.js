// @ts-check
// Lines of compose files.

const COMPOSE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/;
const FOR_DEVELOPMENT =
  /(?:dev|local|override|test)[^/]*\.ya?ml$|^\s+target:\s*["']?\w*(?:dev|test)/m;

/**
 * Return the compose files of a project, by their path.
 * @param {CheckedProject} project
 */
export const composeFiles = ({ input }) =>
  Object.entries(input.texts ?? {}).filter(([path]) => COMPOSE.test(path));

/**
 * Mark the lines that match, in files that are not for development.
 * @param {CheckedProject} project
 * @param {RegExp} pattern
 */
export const composeLines = (project, pattern) =>
  composeFiles(project)
    .filter(([path, text]) => !FOR_DEVELOPMENT.test(path) && !FOR_DEVELOPMENT.test(text))
    .flatMap(([file, text]) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          pattern.test(line) ? [{ file, line: index + 1, lastLine: index + 1 }] : [],
        ),
    );
