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

/**
 * Return a function that puts names into a text. A line with a mark for each value of a list is
 * repeated, and left out if the list is empty.
 * @param {KitNames} names
 * @param {KitAnswers} answers
 * @returns {(text: string) => string}
 */
export const nameWriter = (names, answers) => {
  const values = valuesOf(names, answers);
  // A dot in a key of TOML would begin another table.
  const privatePackages = names.privatePackages.map((name) =>
    name.replace(/[-_.]+/g, "-").toLowerCase(),
  );
  const known = { ...names, privatePackages };
  const lists = Object.entries(EACH).map(([mark, key]) => ({
    mark: `«${mark}»`,
    values: /** @type {string[]} */ (known[/** @type {keyof KitNames} */ (key)]),
  }));
  const whole = new Set(wholePackages(names));
  const isCopied = (/** @type {string} */ mark, /** @type {string} */ value) =>
    mark === "«package»" && whole.has(value);
  /** @param {string} line */
  const repeated = (line) => {
    const list = line.includes("«") && lists.find(({ mark }) => line.includes(mark));
    if (!list) return [line];
    return list.values
      .filter((value) => !isCopied(list.mark, value))
      .map((value) => line.replaceAll(list.mark, value));
  };
  return (text) =>
    text
      .split("\n")
      .flatMap(repeated)
      .join("\n")
      .replace(MARK, (_, name) => {
        if (!(name in values)) throw new Error(`There is no name ${name}.`);
        return values[name];
      });
};

/**
 * Return the packages that stand among the static folders, so that `collectstatic` has all of their
 * files and no other line has to copy them.
 * @param {KitNames} names
 */
export const wholePackages = ({ packages, settings, static: folders }) =>
  packages.filter((name) =>
    [name, `src/${settings}`, `src/${settings}/${name}`].some((path) => folders.includes(path)),
  );

/**
 * @param {KitNames} names
 * @param {KitAnswers} answers
 * @returns {Record<string, string>}
 */
const valuesOf = (names, answers) => ({
  project: names.project,
  settings: names.settings,
  middleware: names.middleware || names.settings,
  port: names.port,
  python: answers.python,
  compiled: [names.settings, ...names.packages].sort().join(" "),
  extras: names.extras.map((extra) => `--extra ${extra}`).join(" "),
  libraries: names.libraries.join(" "),
  database: databaseName(names.project),
  indexName: names.indexName,
  indexUrl: names.indexUrl,
  INDEX: identifier(names.indexName).toUpperCase(),
  gitHost: names.gitHost,
});

// Words that are no texts in YAML.
const YAML_WORDS = /^(?:true|false|yes|no|on|off|null|y|n)$/;

// PostgreSQL keeps roles with this prefix to itself.
const RESERVED = /^pg_/;

// PostgreSQL cuts longer names off.
const MAX_IDENTIFIER = 63;

/** Return a name for the database and its user that needs no quotes. @param {string} project */
const databaseName = (project) => {
  const name = identifier(project).toLowerCase();
  const isPlain = /^[a-z]/.test(name) && !YAML_WORDS.test(name) && !RESERVED.test(name);
  return (isPlain ? name : `db_${name}`).slice(0, MAX_IDENTIFIER);
};

/** Return a text with "_" instead of everything but letters and digits. @param {string} text */
const identifier = (text) => text.replace(/[^A-Za-z0-9]/g, "_");
