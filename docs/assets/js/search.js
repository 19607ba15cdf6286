// @ts-check
// Words that the index leaves out. As the beginning of a word, "no" would find every "note".
const STOP_WORDS = new Set(
  (
    "a an and are as at be but by can do does for from how i if in is it its my no not of on or so " +
    "that the then there this to was what when where which who why will with"
  ).split(" "),
);

/**
 * What was typed, as a query for Material's search. Only its words: the search takes `-dev` for
 * "without dev", and finds nothing for `--locked`. A whole word counts for more than the beginning
 * of one, and a long word may have one wrong letter.
 * @param {string} typed
 */
export function asQuery(typed) {
  const words = typed.toLowerCase().match(/[\p{L}\p{N}_]+(?:[.'][\p{L}\p{N}_]+)*/gu) ?? [];
  const indexed = words.filter((word) => !STOP_WORDS.has(word));
  return (indexed.length ? indexed : words)
    .flatMap((word) => [`${word}^3`, word, ...(word.length > 5 ? [`${word}~1`] : [])])
    .join(" ");
}
