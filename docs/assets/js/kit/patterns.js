// @ts-check
// The pattern that a kit follows, and the example that has its Dockerfile.

/**
 * @param {KitAnswers} answers
 * @returns {"a" | "b" | "c"}
 */
export const patternOf = (answers) => {
  if (answers.private === "git" || answers.layout === "src") return "c";
  return answers.system === "compiler" ? "b" : "a";
};
