// @ts-check
// The answers of which there is a kit.

import { QUESTIONS } from "./answers.js";
import { builtPython } from "./patterns.js";
import { refusals } from "./refusals.js";

// The questions whose answers change no file that an image is built from.
const NOT_BUILT = ["ci", "agents"];

/**
 * Return every combination of answers of which there is a kit.
 * @returns {KitAnswers[]}
 */
export const allowedAnswers = () => combined(() => true);

/**
 * Return the combinations of which different images are built, with the Python versions of the
 * examples. Questions that change no image have their first answers.
 * @returns {KitAnswers[]}
 */
export const builtAnswers = () =>
  combined((question) => !NOT_BUILT.includes(question)).filter(
    (answers) => answers.python === builtPython(answers),
  );

/** @param {(question: string) => boolean} isVaried */
const combined = (isVaried) =>
  QUESTIONS.reduce(
    (/** @type {Record<string, string>[]} */ lists, { id, options }) =>
      lists.flatMap((answers) =>
        (isVaried(id) ? options : options.slice(0, 1)).map((option) => ({
          ...answers,
          [id]: option.id,
        })),
      ),
    [{}],
  )
    .map((answers) => /** @type {KitAnswers} */ (/** @type {unknown} */ (answers)))
    .filter((answers) => refusals(answers).length === 0);
