// @ts-check
// The lines of a text that an earlier one does not have.

// A table for more pairs of lines needs seconds.
const MAX_PAIRS = 1_000_000;

/**
 * Return the numbers of the lines that are new or moved. Of two large texts, return none.
 * @param {string} earlier
 * @param {string} text
 */
export const changedLines = (earlier, text) => {
  const [before, after] = [earlier, text].map((each) => each.split("\n"));
  if (before.length * after.length > MAX_PAIRS) return [];
  // How many lines the rest of both texts has in common, from a pair of lines on.
  const common = [...before, ""].map(() => new Uint32Array(after.length + 1));
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let at = after.length - 1; at >= 0; at -= 1) {
      common[row][at] =
        before[row] === after[at]
          ? common[row + 1][at + 1] + 1
          : Math.max(common[row + 1][at], common[row][at + 1]);
    }
  }
  let row = 0;
  return after.flatMap((line, at) => {
    while (before[row] !== line && common[row + 1]?.[at] > common[row][at + 1]) row += 1;
    if (before[row] !== line) return [at + 1];
    row += 1;
    return [];
  });
};
