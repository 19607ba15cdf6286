// @ts-check
// Put names where an example's files have marks such as «settings».

// Marks that repeat their line for each value, and the names that list the values.
const EACH = {
  package: "packages",
  static: "static",
  folder: "folders",
  library: "libraries",
  header: "headers",
  privatePackage: "privatePackages",
};

const MARK = /«([a-zA-Z]+)»/g;
const EACH_MARK = new RegExp(`«(${Object.keys(EACH).join("|")})»`);

/**
 * Return a text with names instead of marks. A line with a mark for each value of a list is
 * repeated, and left out if the list is empty.
 * @param {string} text
 * @param {KitNames} names
 * @param {KitAnswers} answers
 */
export const withNames = (text, names, answers) => {
  const values = valuesOf(names, answers);
  return text
    .split("\n")
    .flatMap((line) => repeated(line, names))
    .join("\n")
    .replace(MARK, (_, name) => {
      if (!(name in values)) throw new Error(`There is no name ${name}.`);
      return values[name];
    });
};

/** @param {string} line @param {KitNames} names */
const repeated = (line, names) => {
  const mark = EACH_MARK.exec(line);
  if (!mark) return [line];
  const key = EACH[/** @type {keyof typeof EACH} */ (mark[1])];
  const list = /** @type {string[]} */ (names[/** @type {keyof KitNames} */ (key)]);
  return list.map((value) => line.replaceAll(mark[0], value));
};

/**
 * @param {KitNames} names
 * @param {KitAnswers} answers
 * @returns {Record<string, string>}
 */
const valuesOf = (names, answers) => ({
  ...Object.fromEntries(
    Object.entries(names).map(([key, value]) => [
      key,
      typeof value === "string" ? value : value.join(" "),
    ]),
  ),
  python: answers.python,
  middleware: names.middleware || names.settings,
  compiled: [names.settings, ...names.packages].sort().join(" "),
  extras: names.extras.map((extra) => `--extra ${extra}`).join(" "),
  database: identifier(names.project).toLowerCase(),
  INDEX: identifier(names.indexName).toUpperCase(),
});

/** Return a text with "_" instead of everything but letters and digits. @param {string} text */
const identifier = (text) => text.replace(/[^A-Za-z0-9]/g, "_");
