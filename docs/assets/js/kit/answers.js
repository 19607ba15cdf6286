// @ts-check
// The questions and names of a kit, and what each answer and each name may be.

/** @type {KitQuestion[]} */
export const QUESTIONS = [
  {
    id: "layout",
    title: "How is your project laid out?",
    options: [
      { id: "plain", label: "manage.py and apps" },
      { id: "src", label: "A src/ package" },
    ],
  },
  {
    id: "system",
    title: "What do your packages need from the operating system?",
    options: [
      { id: "none", label: "Nothing" },
      { id: "library", label: "A run-time library or program" },
      { id: "compiler", label: "A compiler" },
    ],
  },
  {
    id: "private",
    title: "Where do your private packages come from?",
    options: [
      { id: "none", label: "All packages are public" },
      { id: "git", label: "Private Git" },
      { id: "index", label: "Private index" },
    ],
  },
  {
    id: "python",
    title: "Which Python version does your project use?",
    options: [
      { id: "3.14", label: "3.14" },
      { id: "3.13", label: "3.13" },
      { id: "3.12", label: "3.12" },
      { id: "3.11", label: "3.11" },
    ],
  },
  {
    id: "database",
    title: "Which database does it use?",
    options: [
      { id: "sqlite", label: "SQLite" },
      { id: "postgresql", label: "PostgreSQL" },
    ],
  },
  {
    id: "server",
    title: "Which server runs it?",
    options: [
      { id: "gunicorn", label: "gunicorn (WSGI)" },
      { id: "uvicorn", label: "uvicorn (ASGI)" },
    ],
  },
  {
    id: "worker",
    title: "Does it run background tasks?",
    options: [{ id: "none", label: "No, or I will add the worker myself" }],
  },
  {
    id: "lockStage",
    title: "Do your project's version or linter settings change often?",
    options: [
      { id: "no", label: "No" },
      { id: "yes", label: "Yes, so add a lock stage" },
    ],
  },
  {
    id: "ci",
    title: "Which CI service do you use?",
    options: [
      { id: "none", label: "None" },
      { id: "gitlab", label: "GitLab" },
      { id: "github", label: "GitHub" },
    ],
  },
  {
    id: "agents",
    title: "Do coding agents work on it?",
    options: [
      { id: "no", label: "No" },
      { id: "yes", label: "Yes, so add an AGENTS.md" },
    ],
  },
];

// Python cannot import packages with these names.
const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except " +
    "finally for from global if import in is lambda nonlocal not or pass raise return try while " +
    "with yield"
  ).split(" "),
);
const IDENTIFIER = "[a-zA-Z_][a-zA-Z0-9_]*";
const FOLDER = "[a-zA-Z0-9_][a-zA-Z0-9_.-]*(?:/[a-zA-Z0-9_][a-zA-Z0-9_.-]*)*";
const DEBIAN_PACKAGE = "[a-z0-9][a-z0-9+.-]+";
const PACKAGE = "[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?";
const VALUE = "[a-zA-Z0-9_./:@+-]+";
const HOST = "https?://[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?";

/** @type {KitName[]} */
export const NAMES = [
  {
    id: "project",
    label: "Project",
    default: "my-project",
    pattern: PACKAGE,
    hint: "the name in pyproject.toml: letters, digits, dots, dashes and underscores",
  },
  {
    id: "settings",
    label: "Package with settings.py",
    default: "config",
    pattern: IDENTIFIER,
    hint: "the package that manage.py names before `.settings`",
  },
  {
    id: "module",
    label: "Settings module for production",
    default: "",
    pattern: `(?:${IDENTIFIER}(?:\\.${IDENTIFIER})+)?`,
    hint: "such as config.settings.production; if empty, the module `settings` in this package",
  },
  {
    id: "code",
    label: "Folder with manage.py",
    default: "",
    pattern: `(?:${FOLDER})?`,
    hint: "such as src; if empty, the folder with pyproject.toml",
    when: { layout: ["plain"] },
  },
  {
    id: "packages",
    label: "Apps",
    default: [],
    pattern: IDENTIFIER,
    hint: "the packages with your code, next to the settings package, or inside it if the project is a src/ package",
  },
  {
    id: "static",
    label: "Folders with static files",
    default: [],
    pattern: FOLDER,
    hint: "the folders that collectstatic reads, such as shop/static, or whole apps whose modules Django imports before",
  },
  {
    id: "folders",
    label: "Other folders",
    default: [],
    pattern: FOLDER,
    hint: "other folders that the running service reads, such as templates",
  },
  {
    id: "variables",
    label: "Variables that your settings require",
    default: [],
    pattern: `${IDENTIFIER}(?:=${VALUE})?`,
    hint: "the environment variables without which your settings fail, such as API_KEY, or with a value, such as RETRIES=1",
  },
  {
    id: "middleware",
    label: "Package for the health check",
    default: "",
    pattern: `(?:${IDENTIFIER})?`,
    hint: "the package that gets middleware.py; if empty, the package with settings.py",
  },
  {
    id: "port",
    label: "Port",
    default: "8000",
    pattern: "[1-9][0-9]{3,4}",
    hint: "a port from 1024 to 65535, because the service does not run as root",
  },
  {
    id: "extras",
    label: "Extras",
    default: [],
    pattern: PACKAGE,
    hint: "the extras in pyproject.toml that production uses",
  },
  {
    id: "libraries",
    label: "Libraries from apt",
    default: [],
    pattern: DEBIAN_PACKAGE,
    hint: "the Debian packages that your Python packages need at run time, such as libcairo2",
    when: { system: ["library", "compiler"] },
  },
  {
    id: "headers",
    label: "Compiler and headers from apt",
    default: ["gcc"],
    pattern: DEBIAN_PACKAGE,
    hint: "the Debian packages that your Python packages need only during the build, such as gcc",
    when: { system: ["compiler"] },
  },
  {
    id: "indexName",
    label: "Name of the index",
    default: "private",
    pattern: PACKAGE,
    hint: "the name under [[tool.uv.index]] in pyproject.toml",
    when: { private: ["index"] },
  },
  {
    id: "indexUrl",
    label: "URL of the index",
    default: "https://packages.example.com/simple/",
    pattern: `${HOST}(?:/[a-zA-Z0-9._~%+-]*)*`,
    hint: "the URL without a user name or password",
    when: { private: ["index"] },
  },
  {
    id: "privatePackages",
    label: "Packages from the index",
    default: [],
    pattern: PACKAGE,
    hint: "the packages that uv installs from this index",
    when: { private: ["index"] },
  },
  {
    id: "indexUser",
    label: "User name for the index",
    default: "",
    pattern: "(?:[a-zA-Z0-9_](?:[a-zA-Z0-9._@+-]*[a-zA-Z0-9_])?)?",
    hint: "if empty, gitlab-ci-token for GitLab, and __token__ elsewhere",
    when: { private: ["index"] },
  },
  {
    id: "gitHost",
    label: "Git server",
    default: "https://gitlab.com",
    pattern: HOST,
    hint: "the URL of the server that hosts your private packages, such as https://gitlab.com",
    when: { private: ["git"] },
  },
];

/**
 * Return an answer to each question: the given one if it is an option, or the first option.
 * @param {Record<string, unknown>} answers
 * @returns {KitAnswers}
 */
export const normalise = (answers) =>
  fromEntries(
    QUESTIONS.map(({ id, options }) => [
      id,
      (options.find((option) => option.id === answers[id]) ?? options[0]).id,
    ]),
  );

/**
 * Return a value for each name: the given one if it is a text or a list as expected, or the default.
 * @param {Record<string, unknown>} names
 * @returns {KitNames}
 */
export const normaliseNames = (names) => {
  /** @type {KitNames} */
  const values = fromEntries(NAMES.map((name) => [name.id, nameValue(name, names[name.id])]));
  return { ...values, packages: values.packages.filter((each) => each !== values.settings) };
};

/** The answers and names of a kit before anything is chosen. */
export const defaults = () => ({ answers: normalise({}), names: normaliseNames({}) });

/** Return an object whose properties are not known to be strings. @param {unknown[][]} entries */
const fromEntries = (entries) => Object.fromEntries(entries);

/** @param {KitName} name @param {unknown} value */
const nameValue = (name, value) => {
  if (Array.isArray(name.default)) return listOf(value) ?? [...name.default];
  return typeof value === "string" ? value.trim() : name.default;
};

/** Return the texts of a list, each of them once. @param {unknown} value */
const listOf = (value) => {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((each) => typeof each === "string").map((each) => each.trim());
  return [...new Set(texts.filter(Boolean))];
};

/**
 * Return the names that a kit with these answers uses.
 * @param {KitAnswers} answers
 */
export const namesFor = (answers) =>
  NAMES.filter(({ when = {} }) =>
    Object.entries(when).every(([question, options]) =>
      options.includes(answers[/** @type {keyof KitAnswers} */ (question)]),
    ),
  );

/**
 * Return the names that cannot be used, and what they may be.
 * @param {KitAnswers} answers
 * @param {KitNames} names
 */
export const nameProblems = (answers, names) =>
  namesFor(answers).flatMap((name) => {
    const { id, label, hint } = name;
    if (!isValid(name, names)) return [{ name: id, reason: `${label}: ${hint}` }];
    const reason = conflict(id, answers, names);
    return reason ? [{ name: id, reason: `${label}: ${reason}` }] : [];
  });

/** Whether a value of a name, or each text in it, can be used. @param {KitName} name @param {KitNames} names */
export const isValid = (name, names) =>
  [names[name.id]].flat().every((value) => isPossible(name, value));

/** @param {KitName} name @param {string} value */
const isPossible = ({ id, pattern }, value) =>
  new RegExp(`^(?:${pattern})$`).test(value) &&
  !(pattern.includes(IDENTIFIER) && KEYWORDS.has(value)) &&
  (id !== "port" || (Number(value) >= 1024 && Number(value) <= 65535));

/**
 * Return why a name does not fit the answers and the other names.
 * @param {keyof KitNames} id
 * @param {KitAnswers} answers
 * @param {KitNames} names
 */
const conflict = (id, { system }, { libraries, middleware, module, packages, settings }) => {
  if (id === "libraries" && system === "library" && libraries.length === 0) {
    return "name at least one Debian package, or answer that your packages need nothing";
  }
  if (id === "middleware" && middleware && ![settings, ...packages].includes(middleware)) {
    return "choose one of your apps or the package with settings.py, so that the image contains it";
  }
  if (id === "module" && module && !module.startsWith(`${settings}.`)) {
    return "the module has to be in the package with your settings";
  }
  return undefined;
};
