// @ts-check
// The pattern that a kit follows, and the example that has its Dockerfile.

/** Return the Python version with which kits were built: that of the pattern's example. @param {KitAnswers} answers */
export const builtPython = (answers) => (patternOf(answers) === "b" ? "3.12" : "3.14");

/**
 * @param {KitAnswers} answers
 * @returns {"a" | "b" | "c"}
 */
export const patternOf = (answers) => {
  if (answers.private === "git" || answers.layout === "src") return "c";
  return answers.system === "compiler" ? "b" : "a";
};
