// @ts-check
// Make a kit from what a reader gives, for scripts/kit and for the page.

import { NAMES, nameProblems, normalise, normaliseNames, QUESTIONS } from "./answers.js";
import { kitFiles, kitPath } from "./files.js";
import { refusals } from "./refusals.js";

export { allowedAnswers, builtAnswers } from "./combinations.js";

/**
 * Return the files of a kit with the paths that they are written to, or what is wrong with the
 * answers or the names.
 * @param {{ answers?: Record<string, unknown>, names?: Record<string, unknown> }} given
 * @param {KitSources} sources
 */
export const makeKit = ({ answers: givenAnswers = {}, names: givenNames = {} }, sources) => {
  const answers = normalise(givenAnswers);
  const names = normaliseNames(givenNames);
  const refused = refusals(answers);
  const [problem] = [
    ...Object.entries(givenAnswers).flatMap(answerProblem),
    ...Object.entries(givenNames).flatMap(typeProblem),
    ...refused.map(({ questions, reason }) => `${questions.join(" and ")}: ${reason}`),
    ...nameProblems(answers, names).map(({ name, reason }) => `${name}: ${reason}.`),
  ];
  if (problem) return { problem, refused: refused.map(({ questions }) => questions) };
  const files = kitFiles(answers, names, sources);
  return { files: files.map((file) => ({ ...file, target: kitPath(file) })) };
};

/** @param {[string, unknown]} answer */
const answerProblem = ([id, value]) => {
  const question = QUESTIONS.find((each) => each.id === id);
  if (!question) return [unknown("question", id, QUESTIONS)];
  const isOption = question.options.some((option) => option.id === value);
  return isOption ? [] : [unknown(`answer to ${id}`, String(value), question.options)];
};

/** @param {[string, unknown]} name */
const typeProblem = ([id, value]) => {
  const name = NAMES.find((each) => each.id === id);
  if (!name) return [unknown("name", id, NAMES)];
  const isList = Array.isArray(name.default);
  const isText = (/** @type {unknown} */ each) => typeof each === "string";
  const isExpected = isList ? Array.isArray(value) && value.every(isText) : isText(value);
  return isExpected ? [] : [`${id} has to be ${isList ? "a list of texts" : "a text"}.`];
};

/** @param {string} kind @param {string} id @param {{ id: string }[]} known */
const unknown = (kind, id, known) =>
  `There is no ${kind} ${id}. There are: ${known.map((each) => each.id).join(", ")}.`;
