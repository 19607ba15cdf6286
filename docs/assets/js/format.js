// @ts-check
/**
 * A duration as pages print it. guide.pages.numbers does the same in Python, and a test compares
 * the two.
 * @param {number} value
 */
export function seconds(value) {
  const digits = value >= 0.995 ? 1 : value >= 0.0995 ? 2 : 3;
  const text = value.toFixed(digits);
  return `${digits === 3 ? text.replace(/0$/, "") : text}\u00a0s`;
}
