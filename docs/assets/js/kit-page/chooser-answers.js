// @ts-check
// The answers of the page "Which Dockerfile do you need?" as answers of a kit, and back.

/** The names of answers in the chooser's addresses, and the answers of a kit that they mean. */
/** @type {[name: string, question: keyof KitAnswers, answer: string][]} */
const SAME = [
  ["git", "private", "git"],
  ["index", "private", "index"],
  ["library", "system", "library"],
  ["native", "system", "compiler"],
  ["src", "layout", "src"],
  ["pyproject", "lockStage", "yes"],
];
const START = "#choose=";

/**
 * Return the answers in an address of the chooser, or undefined if the hash is not one.
 * @param {string} hash
 * @returns {Partial<KitAnswers> | undefined}
 */
export const fromChooser = (hash) => {
  if (!hash.startsWith(START)) return undefined;
  const names = hash.slice(START.length).split(".");
  return Object.fromEntries(
    SAME.flatMap(([name, question, answer]) => (names.includes(name) ? [[question, answer]] : [])),
  );
};

/**
 * Return the hash with which the chooser gives the reasons for the answers.
 * @param {KitAnswers} answers
 */
export const toChooser = (answers) => {
  const names = SAME.flatMap(([name, question, answer]) =>
    answers[question] === answer ? [name] : [],
  );
  return names.length > 0 ? START + names.join(".") : "";
};
