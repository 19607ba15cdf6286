// @ts-check
// The combinations of answers of which no kit is made, one rule each.

import { patternOf } from "./patterns.js";

/** @type {(KitRefusal & { applies: (answers: KitAnswers) => boolean })[]} */
const RULES = [
  {
    questions: ["private", "lockStage"],
    reason:
      "A lock stage exports a file that does not name the private index, so the install step would not find the package. Keep linter settings in a ruff.toml instead.",
    claim: "an-export-does-not-name-the-index",
    applies: ({ private: origin, lockStage }) => origin === "index" && lockStage === "yes",
  },
  {
    questions: ["system", "python"],
    reason:
      "If your packages need a compiler, the kit uses Ubuntu 24.04 with its Python 3.12, and uv does not download a different Python.",
    claim: "without-python-downloads-uv-fails",
    applies: (answers) => patternOf(answers) === "b" && answers.python !== "3.12",
  },
  {
    questions: ["private", "ci"],
    reason:
      "The pipeline jobs run in images without Git, so they cannot fetch packages from a private Git repository. Run the tests in the image instead.",
    claim: "a-package-from-git-needs-git",
    applies: ({ private: origin, ci }) => origin === "git" && ci !== "none",
  },
];

/**
 * Return why there is no kit for the answers. The list is empty if there is one.
 * @param {KitAnswers} answers
 * @returns {KitRefusal[]}
 */
export const refusals = (answers) =>
  RULES.filter(({ applies }) => applies(answers)).map(({ questions, reason, claim }) => ({
    questions,
    reason,
    claim,
  }));

/** The claims that prove the reasons of all rules. */
export const ruleClaims = () => RULES.map(({ claim }) => claim);
