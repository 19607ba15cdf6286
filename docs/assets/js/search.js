// What is typed into the search field, as a query for Material's search.

// The index has none of these. As the beginning of a word, "no" would find every "note".
const SMALL = new Set(
  ("a an and are as at be but by can do does for from how i if in is it its my no not of on or so " +
    "that the then there this to was what when where which who why will with").split(" "),
);

// A flag or an error message is full of what the search takes for operators: it reads `-dev` as
// "without dev", and finds nothing at all for `--locked`. So only the words are left. A whole word
// counts for more than the beginning of one, and a long word may have a letter wrong.
export function asQuery(typed) {
  const words = typed.toLowerCase().match(/[\p{L}\p{N}_]+(?:[.'][\p{L}\p{N}_]+)*/gu) ?? [];
  const large = words.filter((word) => !SMALL.has(word));
  return (large.length ? large : words)
    .flatMap((word) => [`${word}^3`, word, ...(word.length > 5 ? [`${word}~1`] : [])])
    .join(" ");
}
