// @ts-check
// The files that a reader gave, as the checker reads them.

import { IGNORE_FILE } from "../check/file-names.js";
import { pathInFolder, projectInputs } from "../check/project-inputs.js";

/** @typedef {import("./given.js").Given} Given */

/**
 * Return the input of the checker, and a function that returns the given path of a file in it.
 * @param {Given} given
 * @param {CheckInput["yaml"]} yaml
 * @returns {{ input: Omit<CheckInput, "grammar">, pathOf: (file?: string) => string }}
 */
export const inputOf = (given, yaml) => (given.paths ? ofFolder : ofTexts)(given, yaml);

/**
 * @param {Given} given
 * @param {CheckInput["yaml"]} yaml
 * @returns {ReturnType<typeof inputOf>}
 */
const ofFolder = (given, yaml) => {
  const { texts, paths = [], dockerfile } = given;
  const project = projectInputs({ texts, paths }, yaml).find(({ path }) => path === dockerfile);
  return project
    ? { input: project.input, pathOf: (file) => pathInFolder(project, file) }
    : ofTexts(given, yaml);
};

/**
 * @param {Given} given
 * @param {CheckInput["yaml"]} yaml
 * @returns {ReturnType<typeof inputOf>}
 */
const ofTexts = ({ texts, dockerfile: path }, yaml) => {
  const written = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const {
    [path]: dockerfile = "",
    [IGNORE_FILE]: dockerignore,
    ...others
  } = Object.fromEntries(written);
  return {
    input: { dockerfile, dockerignore, texts: others, yaml },
    pathOf: (file = "") => file || path,
  };
};
