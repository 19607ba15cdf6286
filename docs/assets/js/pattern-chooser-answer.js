// What follows from the answers. guide.chooser says the same in Python, and a test compares them.

/** Whether a rule holds: all names of one of its ways are given, and none that has a "!". */
export const holds = (rule, given) =>
  rule.split(",").some((way) =>
    way.trim().split(/\s+/).every((term) =>
      term[0] === "!" ? !given.includes(term.slice(1)) : given.includes(term),
    ),
  );

/** One answer for each question: the one that is named, or else its first. */
export const complete = (questions, names) =>
  questions.map((answers) => answers.find((each) => names.includes(each)) ?? answers[0]);

/** The names of the options whose rule holds. */
export const recommend = (options, given) =>
  options.filter(({ when }) => holds(when, given)).map(({ name }) => name);

/** What is recommended, on one line. */
export const sentence = ([first, ...others]) => {
  if (!others.length) return first;
  const last = others.pop();
  return `${first} with ${others.join(", ")}${others.length ? " and " : ""}${last}`;
};

const START = "#choose=";

/** The part of the address for what is given; nothing while each is the first of its question. */
export const toHash = (questions, given) => {
  const named = given.filter((each) => !questions.some(([first]) => first === each));
  return named.length ? START + named.join(".") : "";
};

export const fromHash = (hash) =>
  hash.startsWith(START) ? hash.slice(START.length).split(".") : [];
