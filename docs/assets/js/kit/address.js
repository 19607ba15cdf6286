// @ts-check
// The answers and names of a kit as the hash of a URL. Addresses are bookmarked and shared, so an
// address of an earlier version of the guide has to say what has changed since.

import { defaults, isValid, NAMES, normalise, normaliseNames, QUESTIONS } from "./answers.js";

// Raise it when the files of kits change so that a reader with an older kit should know.
const VERSION = 1;

/** What changed with a version. @type {{ version: number, text: string }[]} */
const CHANGES = [];

const START = "#kit=";

/**
 * Return the hash for answers and names, or "" while all of them are the defaults. Names that cannot
 * be used are left out, because a URL with a password is one of them.
 * @param {KitAnswers} answers
 * @param {KitNames} names
 */
export const toHash = (answers, names) => {
  const first = { ...defaults().answers, ...defaults().names };
  /** @type {string[]} */
  const wrong = NAMES.filter((name) => !isValid(name, names)).map(({ id }) => id);
  const chosen = Object.entries({ ...answers, ...names }).filter(
    ([id, value]) =>
      !wrong.includes(id) &&
      String(value) !== String(first[/** @type {keyof typeof first} */ (id)]),
  );
  if (chosen.length === 0) return "";
  const query = new URLSearchParams(chosen.map(([id, value]) => [id, String(value)]));
  return `${START}${VERSION}&${query}`;
};

/**
 * Return the answers and names in a hash, and what has changed since the version that wrote it.
 * @param {string} hash
 * @returns {{ answers: KitAnswers, names: KitNames, changes: string[] }}
 */
export const fromHash = (hash) => {
  if (!hash.startsWith(START)) return { ...defaults(), changes: [] };
  const values = new URLSearchParams(hash.slice(1));
  const version = Number(values.get("kit"));
  values.delete("kit");
  /** @type {Record<string, unknown>} */
  const names = {};
  for (const { id, default: first } of NAMES) {
    const text = values.get(id);
    if (text !== null) names[id] = Array.isArray(first) ? text.split(",") : text;
  }
  return {
    answers: normalise(Object.fromEntries(values)),
    names: normaliseNames(names),
    changes: [
      ...CHANGES.filter((change) => change.version > version).map(({ text }) => text),
      ...(version > VERSION ? ["This address was written by a newer version of the guide."] : []),
      ...[...values].flatMap(difference),
    ],
  };
};

/** @param {[string, string]} entry */
const difference = ([id, value]) => {
  if (NAMES.some((name) => name.id === id)) return [];
  const question = QUESTIONS.find((each) => each.id === id);
  if (!question) return [`Kits no longer have the setting “${id}”.`];
  if (question.options.some((option) => option.id === value)) return [];
  return [
    `The answer “${value}” to “${question.title}” no longer exists. The kit has “${question.options[0].label}” instead.`,
  ];
};
