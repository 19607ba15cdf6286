// @ts-check
// Numbers as pages print them. guide.pages.numbers has the same functions in Python, and a test
// compares their results.

/**
 * A duration, such as "101.8 s", "0.24 s" or "0.011 s".
 * @param {number} value
 */
export function seconds(value) {
  const digits = value >= 0.995 ? 1 : value >= 0.0995 ? 2 : 3;
  const text = value.toFixed(digits);
  return `${digits === 3 ? text.replace(/0$/, "") : text}\u00a0s`;
}

/**
 * A size with its unit: whole kB up to a megabyte, MB from there on.
 * @param {number} value
 */
export function size(value) {
  if (value < 1e6) return `${(Math.max(value, 1e3) / 1e3).toFixed(0)}\u00a0kB`;
  return `${(value / 1e6).toFixed(value >= 9.5e6 ? 0 : 1)}\u00a0MB`;
}
