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
 * @param {KitProject} [project]
 * @returns {(text: string) => string}
 */
export const nameWriter = (names, answers, project) => {
  const values = valuesOf(names, answers, project);
  // A dot in a key of TOML would begin another table, and two spellings of a name are one package.
  const privatePackages = names.privatePackages.map((name) =>
    name.replace(/[-_.]+/g, "-").toLowerCase(),
  );
  const known = { ...names, privatePackages: [...new Set(privatePackages)] };
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

/** The settings module of production. @param {KitNames} names */
export const settingsModule = ({ module, settings }) => module || `${settings}.settings`;

/**
 * The file of the settings module, and the file or the folder that has to be there when Django
 * imports the module, which can import its neighbours. Both are paths from the folder with the code.
 * @param {KitNames} names
 * @param {KitAnswers} answers
 * @param {KitProject} [project]
 */
export const settingsPaths = (names, answers, project) => {
  const module = settingsModule(names);
  const path = module.replaceAll(".", "/");
  const isPackage = project?.paths.includes(`${codeFolder(names, answers)}${path}/__init__.py`);
  const file = isPackage ? `${path}/__init__.py` : `${path}.py`;
  const [first, second, ...rest] = module.split(".");
  return { file, mounted: isPackage || rest.length > 0 ? `${first}/${second}` : file };
};

/** The folder with the code, such as "src/". @param {KitNames} names @param {KitAnswers} answers */
export const codeFolder = ({ code }, { layout }) => {
  if (layout === "src") return "src/";
  return code ? `${code}/` : "";
};

/**
 * The package that gets the middleware, as its modules are imported. The apps of a project in src/
 * are inside the package with the settings.
 * @param {KitNames} names
 * @param {KitAnswers} answers
 */
export const middlewarePackage = ({ middleware, settings }, { layout }) =>
  layout === "src" && middleware && middleware !== settings
    ? `${settings}.${middleware}`
    : middleware || settings;

// GitLab has its package indexes at such URLs.
const GITLAB = /gitlab|\/api\/v4\//i;

/** The user name for the private index. @param {KitNames} names */
export const indexUser = ({ indexUser: own, indexUrl }) =>
  own || (GITLAB.test(indexUrl) ? JOB_TOKEN_USER : "__token__");

/** The user name that GitLab requires for job tokens. */
export const JOB_TOKEN_USER = "gitlab-ci-token";

/**
 * @param {KitNames} names
 * @param {KitAnswers} answers
 * @param {KitProject} [project]
 * @returns {Record<string, string>}
 */
const valuesOf = (names, answers, project) => ({
  project: names.project,
  settings: names.settings,
  module: settingsModule(names),
  settingsPath: settingsPaths(names, answers, project).mounted,
  middleware: middlewarePackage(names, answers),
  port: names.port,
  python: answers.python,
  compiled: [names.settings, ...names.packages].sort().join(" "),
  extras: names.extras.map((extra) => `--extra ${extra}`).join(" "),
  libraries: names.libraries.join(" "),
  database: databaseName(names.project),
  indexName: names.indexName,
  indexUrl: names.indexUrl,
  indexUser: indexUser(names),
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
