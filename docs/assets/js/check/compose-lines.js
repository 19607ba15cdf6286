// @ts-check
// Lines of compose files.

import { programName } from "./shell-commands.js";

const COMPOSE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/;
const FOR_DEVELOPMENT =
  /(?:dev|local|override|test)[^/]*\.ya?ml$|^\s+target:\s*["']?\w*(?:dev|test)/m;

/**
 * Return the compose files that build the Dockerfile, by their path.
 * @param {CheckedProject} project
 */
export const composeFiles = ({ input }) =>
  Object.entries(input.texts ?? {}).filter(([path, text]) => {
    const named = [...text.matchAll(/^\s+dockerfile:\s*["']?([^\s"'#]+)/gm)].map(
      ([, name]) => name,
    );
    const own = programName(input.path ?? "Dockerfile");
    const isBuilt =
      named.length > 0 ? named.some((name) => programName(name) === own) : own === "Dockerfile";
    return COMPOSE.test(path) && isBuilt;
  });

/**
 * Return whether a service that is built, or what such services share, has a key.
 * @param {string} text
 * @param {string} key
 */
export const builtServiceHas = (text, key) => {
  const lines = text.split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
  return lines.some((line, index) => {
    if (!new RegExp(`^\\s+${key}:`).test(line)) return false;
    const depth = indentation(line);
    const above = lines.slice(0, index).findLastIndex((each) => indentation(each) < depth);
    const rest = lines.slice(above + 1);
    const end = rest.findIndex((each) => indentation(each) < depth);
    const service = rest.slice(0, end < 0 ? rest.length : end);
    return !service.some((each) => indentation(each) === depth && /^\s+image:/.test(each));
  });
};

/** @param {string} line */
const indentation = (line) => line.search(/\S/);

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
