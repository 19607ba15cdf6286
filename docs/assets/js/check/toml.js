// @ts-check
// Values of a TOML document, whatever types they have.

/** @typedef {import("../vendor/smol-toml.js").TomlValue} TomlValue */
/** @typedef {{ [key: string]: TomlValue }} Table */

/**
 * Return the value if it is a table, and an empty table if it is not.
 * @param {TomlValue | undefined} value
 * @returns {Table}
 */
export const table = (value) =>
  typeof value === "object" && !Array.isArray(value) && !(value instanceof Date) ? value : {};

/**
 * Return the tables of an array.
 * @param {TomlValue | undefined} value
 */
export const tableList = (value) => (Array.isArray(value) ? value.map(table) : []);

/**
 * Return the value if it is a string, and an empty string if it is not.
 * @param {TomlValue | undefined} value
 */
export const text = (value) => (typeof value === "string" ? value : "");

/**
 * Return the strings of an array.
 * @param {TomlValue | undefined} value
 */
export const texts = (value) =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
