// @ts-check
// The files that a reader gave, as the checker reads them.

import { IGNORE_FILE } from "../check/file-names.js";
import { pathInFolder, projectInputs } from "../check/project-inputs.js";

/** @typedef {import("./given.js").Given} Given */

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
