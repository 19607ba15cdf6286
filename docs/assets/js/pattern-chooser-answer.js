// @ts-check
// What follows from the answers, given as names. guide.pages.chooser decides the same in Python,
// and a test compares the two.

/**
 * Whether a rule holds: in one of its alternatives every name was answered, and none with a "!".
 * @param {string} rule
 * @param {string[]} names
 */
export const holds = (rule, names) =>
  rule.split(",").some((terms) =>
    terms
      .trim()
      .split(/\s+/)
      .every((term) => (term[0] === "!" ? !names.includes(term.slice(1)) : names.includes(term))),
  );

/**
 * One answer to each question: the one that is named, or its first.
 * @param {string[][]} questions
 * @param {string[]} names
 */
export const complete = (questions, names) =>
  questions.map((answers) => answers.find((each) => names.includes(each)) ?? answers[0]);

/**
 * The names of the options whose rules hold.
 * @param {{ name: string, when: string }[]} options
 * @param {string[]} names
 */
export const recommend = (options, names) =>
  options.filter(({ when }) => holds(when, names)).map(({ name }) => name);

/**
 * The recommended options on one line.
 * @param {string[]} options
 */
export const sentence = ([first, ...others]) => {
  const last = others.pop();
  if (!last) return first;
  return `${first} with ${others.join(", ")}${others.length ? " and " : ""}${last}`;
};

const START = "#choose=";

/**
 * The hash of a URL that restores the answers, or "" while each is the first of its question.
 * @param {string[][]} questions
 * @param {string[]} names
 */
export const toHash = (questions, names) => {
  const others = names.filter((name) => !questions.some(([first]) => first === name));
  return others.length ? START + others.join(".") : "";
};

/** @param {string} hash */
export const fromHash = (hash) =>
  hash.startsWith(START) ? hash.slice(START.length).split(".") : [];
