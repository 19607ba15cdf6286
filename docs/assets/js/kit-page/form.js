// @ts-check
// The questions and names as HTML.

import { escaped, sentence } from "../check-page/html.js";
import { NAMES, QUESTIONS } from "../kit/answers.js";

/** @typedef {import("../kit/read/evidence.js").Fact} Fact */
/** @typedef {import("../kit/read/evidence.js").Note} Note */

/** Return all questions. Nothing is chosen yet. */
export const questionFields = () => QUESTIONS.map(question).join("");

/** @param {KitQuestion} question */
const question = ({ id, title, options }) => {
  const labels = options.map(
    (option) =>
      `<label><input type="radio" name="${id}" value="${escaped(option.id)}"><span>${escaped(option.label)}</span></label>`,
  );
  return `<fieldset data-field="${id}" id="question-${id}"><legend>${escaped(title)}</legend>
${labels.join("")}<small class="from"></small></fieldset>`;
};

/** Return all names. Those that the kit does not use are hidden. */
export const nameFields = () => NAMES.map(nameField).join("");

/** @param {KitName} name */
const nameField = ({ id, label, hint }) => `<div class="name" data-field="${id}">
<label for="name-${id}">${escaped(label)}</label>
<input id="name-${id}" name="${id}" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="hint-${id}">
<small id="hint-${id}"><span class="hint">${sentence(hint)}</span> <span class="from"></span></small></div>`;

/** Return a list as a reader types it. @param {string | string[]} value */
export const fieldText = (value) => (typeof value === "string" ? value : value.join(" "));

/** Return what a reader typed for a name. @param {string} id @param {string} text */
export const fieldValue = (id, text) => {
  const name = NAMES.find((each) => each.id === id);
  return typeof name?.default === "string" ? text : text.split(/[\s,]+/).filter(Boolean);
};

/** Return where a fact comes from. @param {Fact} fact */
export const origin = ({ file, at }) => `from <b>${escaped(file)}</b>, ${escaped(at)}`;

/**
 * Return what was read of a project, and what a reader has to decide.
 * @param {{ facts: Fact[], notes: Note[] }} reading
 * @param {boolean} isFolder
 * @param {string} root
 */
export const readingView = ({ facts, notes }, isFolder, root) => {
  const files = [...new Set(facts.map(({ file }) => file))];
  const rows = notes.map(({ text, file, claims = [] }) => {
    const links = claims.map((claim) => claimLink(claim, root));
    return `<li><b>${escaped(file)}:</b> ${sentence(text)}${links.join("")}</li>`;
  });
  const list = rows.length > 0 ? `<ul>${rows.join("")}</ul>` : "";
  const what = facts.length === 1 ? "1 answer or name" : `${facts.length} answers and names`;
  const names = listed(files.map((file) => `<b>${escaped(file)}</b>`));
  const taken =
    facts.length > 0
      ? `The page found ${what} in ${names}. Check the result below.`
      : "The page found no answers in these files. Answer the questions below.";
  const more = isFolder
    ? ""
    : "<p>If you choose your project's folder, the page also reads your settings and the names of your apps.</p>";
  return `<p>${taken}</p>${list}${more}`;
};

/** @param {string} claim @param {string} root */
export const claimLink = (claim, root) =>
  ` <a href="${root}reference/tested-statements/#${claim}">See the test</a>`;

/** @param {string[]} items */
const listed = (items) =>
  items.length > 3
    ? `${items.slice(0, 2).join(", ")} and ${items.length - 2} other files`
    : items.join(", ").replace(/, (?=[^,]*$)/, " and ");
