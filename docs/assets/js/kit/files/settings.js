// @ts-check
import { codeFolder, settingsPaths } from "../names.js";
import { PATTERN_A, PATTERN_B, PATTERN_C } from "../sources.js";
import { lines, paragraph, replaceOnce } from "../texts.js";

const OF_A = "statuspage/settings.py";
const OF_B = "billing/settings.py";
const OF_C = "src/tracking/settings.py";

/** The lines for settings.py. @param {Kit} kit @returns {KitFile} */
export const settings = (kit) => {
  const example = kit.read(PATTERN_A, OF_A);
  const imports = [lines(example, "import os"), lines(example, "import ImproperlyConfigured")];
  const start = `${imports.join("\n\n")}\n`;
  const added = `${values(kit).join("\n\n")}\n`;
  const end = withStorages(
    withEngine(withPaths(added, kit.project?.baseDir ?? "path"), kit.project),
    kit.project,
  );
  return {
    path:
      codeFolder(kit.names, kit.answers) + settingsPaths(kit.names, kit.answers, kit.project).file,
    text: `${start}\n${end}`,
    kind: "merge",
    note: "Put the imports at the top of your settings, and the other lines at the end, where they replace earlier values. Leave out any line that your settings already have.",
    parts: [
      { at: "start", text: start },
      { at: "end", text: end },
    ],
  };
};

const FILES = '    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},\n';

/**
 * Keep the other storages of the project. Django stops if settings have both `STORAGES` and one of
 * the settings that it replaces.
 * @param {string} text
 * @param {KitProject} [project]
 */
const withStorages = (text, project) => {
  const plain = project?.hasPlainStatics ? withPlainStatics(text) : text;
  return project?.storages.length ? withOwnStorages(plain, project) : plain;
};

/** @param {string} text */
const withPlainStatics = (text) =>
  replaceOnce(
    text,
    `${lines(text, "# Add a hash to each file name", '"whitenoise.storage.Comp')}\n    },`,
    '    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},',
  );

/** @param {string} text @param {KitProject} project */
const withOwnStorages = (text, project) => {
  const older = ["STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"].filter((name) =>
    project.storages.includes(name),
  );
  const own = project.storages.includes("STORAGES") ? '    **globals().get("STORAGES", {}),\n' : "";
  const file = older.includes("DEFAULT_FILE_STORAGE")
    ? '    "default": {"BACKEND": DEFAULT_FILE_STORAGE},\n'
    : FILES;
  const changed = replaceOnce(text, FILES, own || file);
  const removed = older.map((name) => `globals().pop("${name}", None)\n`).join("");
  return removed
    ? changed.replace(
        /(STORAGES = \{[\s\S]*?\n\}\n)/,
        `$1# Django does not accept the older settings beside STORAGES.\n${removed}`,
      )
    : changed;
};

/** @param {string} text @param {KitProject} [project] */
const withEngine = (text, project) =>
  project?.isOnPostgis
    ? text.replace("django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis")
    : text;

/** The values at the end of the settings. @param {Kit} kit */
const values = ({ answers, pattern, read, sources }) => {
  const a = read(PATTERN_A, OF_A);
  const onPostgresql = answers.database === "postgresql";
  const underGunicorn = answers.server === "gunicorn";
  const withHost = read(PATTERN_B, OF_B);
  const withPool = read(PATTERN_C, OF_C);
  const withServer = underGunicorn ? withHost : withPool;
  const ofLayout = answers.layout === "src" ? withPool : a;
  return [
    paragraph(a, "def switch(").trim(),
    ...(onPostgresql && underGunicorn ? [`\n${paragraph(withHost, "def required(").trim()}`] : []),
    `\n${paragraph(a, "DEBUG = ").trim()}`,
    paragraph(a, "SECRET_KEY = "),
    paragraph(a, "ALLOWED_HOSTS = "),
    sources.snippets["middleware.py.txt"].trim(),
    block(onPostgresql ? withServer : a, "DATABASES = {"),
    [
      lines(ofLayout, "STATIC_ROOT = "),
      ...(pattern === "b" && onPostgresql ? [lines(withHost, "MEDIA_ROOT = ")] : []),
      block(a, "STORAGES = {"),
    ].join("\n"),
    paragraph(a, "if HTTPS:"),
    block(a, "LOGGING = {"),
  ];
};

/**
 * Return lines that also work if BASE_DIR is a text, or if the project may not define it. The
 * working directory is the same when the image is built and when it runs.
 * @param {string} text
 * @param {KitProject["baseDir"]} baseDir
 */
const withPaths = (text, baseDir) => {
  if (baseDir === "path") return text;
  const path = baseDir === "text" ? "os.path.join(BASE_DIR, $1)" : "os.path.abspath($1)";
  return text.replace(/BASE_DIR \/ ("[^"]*")/g, path);
};

/** Return the lines of a dictionary. @param {string} text @param {string} start */
const block = (text, start) => {
  const from = text.slice(text.indexOf(start));
  return from.slice(0, from.indexOf("\n}") + 2);
};
