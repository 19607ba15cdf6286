// @ts-check
// Changes that the Dockerfiles of several patterns share.

import { wholePackages } from "../names.js";
import { PATTERN_A, PATTERN_A_APT, PATTERN_B, PATTERN_C, SHOP } from "../sources.js";
import {
  commentOf,
  insertBefore,
  lines,
  paragraph,
  replaceOnce,
  replaceParagraph,
  withComment,
} from "../texts.js";

export const INSTALL = "uv sync --locked --no-default-groups --group prod";
const WHOLE =
  "Copy what `collectstatic` reads: the settings, and the apps with all of their modules, because Django imports more of them than `__init__.py`. For each new app, add one line like the last one in this block.";
const MANY_SYNC_OPTIONS = " \\\n        «extras»";

/** The paragraph that installs what packages need at run time. @param {Kit} kit */
export const aptParagraph = ({ read }) =>
  paragraph(read(PATTERN_A_APT, "Dockerfile"), "apt-get install");

/**
 * Name the extras in the commands that install what production needs.
 * @param {string} text
 * @param {Kit} kit
 */
export const withExtras = (text, { names }) => {
  if (names.extras.length === 0) return text.replaceAll(MANY_SYNC_OPTIONS, "");
  if (text.includes("«extras»")) return text;
  return text.replace(/(uv (?:sync|export) .*--group prod)( \\\n)?/g, `$1${MANY_SYNC_OPTIONS}$2`);
};

/**
 * Give the step that installs packages the password of the private index.
 * @param {string} text
 * @param {string} anchor a text of the step
 * @param {Kit} kit
 * @param {boolean} [isExplained]
 */
export const withIndexSecret = (text, anchor, { read }, isExplained = true) => {
  const install = paragraph(read(SHOP, "Dockerfile"), "RUN --mount=type=cache");
  const why = install.slice(install.indexOf("#\n"), install.indexOf("RUN "));
  const mount = lines(install, "--mount=type=secret");
  const user = lines(install, "_USERNAME=");
  const own = paragraph(text, anchor);
  const command = own.slice(own.indexOf("RUN "));
  const mounted = command.replace(/\n(\s+uv )/, `\n${user}\n$1`).replace("\n", `\n${mount}\n`);
  return replaceParagraph(text, anchor, own.replace(command, (isExplained ? why : "") + mounted));
};

/**
 * Give the service a folder for a SQLite database, or none if it uses PostgreSQL.
 * @param {string} text a Dockerfile for SQLite
 * @param {Kit} kit
 */
export const withDatabase = (text, kit) => {
  if (kit.answers.database === "sqlite") return text;
  const user = paragraph(kit.read(PATTERN_C, "Dockerfile"), "RUN useradd");
  const small = replaceParagraph(text, "RUN useradd", user);
  return withPlaceholders(replaceParagraph(small, "ENV DATABASE_PATH"), kit);
};

/**
 * Set the variables that the settings of PostgreSQL with gunicorn require.
 * @param {string} text
 * @param {Kit} kit
 */
export const withPlaceholders = (text, kit) => {
  if (kit.answers.database === "sqlite" || kit.answers.server !== "gunicorn") return text;
  const other = paragraph(kit.read(PATTERN_B, "Dockerfile"), "collectstatic --noinput");
  const own = paragraph(text, "used-only-for-this-step");
  const explained = withComment(own, (words) =>
    replaceOnce(
      words,
      "Django needs a secret key to start. This placeholder is set only for this step.",
      commentOf(other),
    ),
  );
  const key = lines(explained, "used-only-for-this-step");
  const more = lines(other, "DATABASE_HOST=none");
  const indent = key.startsWith("RUN") ? "        " : key.replace(/\S.*/, "");
  return replaceParagraph(
    text,
    "used-only-for-this-step",
    replaceOnce(explained, key, `${key}\n${indent}${more.trim()}`),
  );
};

/**
 * Start the service with the server of the answers.
 * @param {string} text
 * @param {Kit} kit
 */
export const withServer = (text, kit) => {
  const { answers, read } = kit;
  const own = text.includes('\nCMD ["gunicorn"') ? "gunicorn" : "uvicorn";
  if (answers.server === "gunicorn") {
    if (own === "gunicorn") return text;
    const command = paragraph(read(PATTERN_A, "Dockerfile"), '\nCMD ["gunicorn"');
    return replaceParagraph(text, '\nCMD ["uvicorn"', command);
  }
  if (own === "gunicorn") {
    const command = paragraph(read(PATTERN_C, "Dockerfile"), '\nCMD ["uvicorn"');
    return withPort(replaceParagraph(text, '\nCMD ["gunicorn"', command), kit);
  }
  return withPort(text, kit);
};

/** The default port of uvicorn is not named. @param {string} text @param {Kit} kit */
const withPort = (text, { names }) =>
  names.port === "8000"
    ? text
    : replaceOnce(text, '"--host", "0.0.0.0", ', '"--host", "0.0.0.0", "--port", "«port»", ');

/**
 * Explain the lines that copy what collectstatic reads. The comment of Pattern A is about lines for
 * apps with static files, and the comment of Pattern B about those without.
 * @param {string} text
 * @param {Kit} kit
 */
export const withStaticComment = (text, { names, read }) => {
  const own = paragraph(text, "COPY manage.py ./");
  if (wholePackages(names).length > 0) {
    return replaceParagraph(
      text,
      "COPY manage.py ./",
      withComment(own, () => WHOLE),
    );
  }
  const hasStatic = names.packages.length > 0 && names.static.length > 0;
  const example = read(hasStatic ? PATTERN_A : PATTERN_B, "Dockerfile");
  const other = paragraph(example, "COPY manage.py ./");
  const upTo = (/** @type {string} */ part) => part.slice(0, part.indexOf("COPY "));
  return replaceParagraph(text, "COPY manage.py ./", own.replace(upTo(own), upTo(other)));
};

/**
 * Name the settings of production, if they are not those that the project uses by default.
 * @param {string} text
 * @param {Kit} kit
 */
export const withSettingsModule = (text, { answers, names, pattern }) => {
  if (!names.module || names.module === `${names.settings}.settings`) return text;
  // The development image of Pattern B uses the same settings.
  const isInBase = pattern === "b" || answers.layout === "src";
  return insertBefore(
    text,
    isInBase ? "ENV PYTHONUNBUFFERED" : "COPY manage.py ./",
    "# Use these settings to collect the static files and to run the service.\nENV DJANGO_SETTINGS_MODULE=«module»",
  );
};

/** Copy the other folders of the service after its packages. @param {string} text */
export const withFolders = (text) =>
  replaceOnce(text, "COPY «package» «package»", "COPY «package» «package»\nCOPY «folder» «folder»");
