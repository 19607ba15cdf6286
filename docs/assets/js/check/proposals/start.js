// @ts-check
// Proposals for what a container starts.

import { SYSTEM } from "../environments.js";
import { changesTo, execForm, fileLines, replaceAll } from "../line-edits.js";
import { parent } from "../paths.js";
import { packageName } from "../pyproject-tables.js";
import { shellScript } from "../shell-commands.js";
import { usesSqlite } from "../sqlite.js";
import { withPath } from "../start-commands.js";
import { beforeStart, FOLDER } from "./containers.js";

const MIGRATE =
  /^(?:exec\s+)?(?:uv run (?:--\S+ )*)?(?:python[\d.]*\s+)?\S*manage\.py migrate\b[^|]*$/;
const RUNSERVER =
  /(?:exec\s+)?(?:uv run (?:--\S+ )*)?(?:python[\d.]*\s+)?\S*manage\.py runserver(?: [\d.:]+)?/;
const SHELL_SIGNS = /[$"'`*?~<>(\\;|&]/;

/**
 * Start the container without migrations.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const withoutMigrations = (project, { file, line }) => {
  const edits = file === undefined ? inInstruction(project) : inScript(project, file, line);
  return edits && edits.length > 0
    ? { condition: migrateOnce(usesSqlite(project)), edits }
    : undefined;
};

/** @param {boolean | undefined} isSqlite */
const migrateOnce = (isSqlite) => {
  const volume = isSqlite ? `--volume DATA:${FOLDER} ` : "";
  const note = isSqlite
    ? " Replace `DATA` with the volume of the SQLite database, which the server also has to use."
    : isSqlite === undefined
      ? " With SQLite, both containers have to use the volume that contains the database."
      : "";
  return `Run the migrations once per release, before the new containers start, for example with \`docker run --rm ${volume}IMAGE python manage.py migrate\`.${note}`;
};

/** @param {string} script */
const withoutMigrate = (script) =>
  script
    .split("&&")
    .map((each) => each.trim())
    .filter((each) => !MIGRATE.test(each))
    .join(" && ");

/** @param {CheckedProject} project @returns {LineEdit[] | undefined} */
const inInstruction = ({ start }) => {
  const { command } = start;
  if (!command || command.line !== command.lastLine) return undefined;
  const script = command.isExec ? shellScript(command.words) : command.command;
  const rest = withoutMigrate(script ?? "");
  if (!script || rest === "" || rest === script) return undefined;
  if (!SHELL_SIGNS.test(rest)) return replaceAll(command, `CMD ${listed(rest)}`);
  const words = command.words.map((word) => (word === script ? rest : word));
  return replaceAll(command, command.isExec ? `CMD ${execForm(words)}` : `CMD ${rest}`);
};

/** @param {string} command */
const listed = (command) => execForm(command.replace(/^exec\s+/, "").split(/\s+/));

/** @param {CheckedProject} project @param {string} file @param {number} line */
const inScript = (project, file, line) => {
  const text = fileLines(project, file)[line - 1]?.trim() ?? "";
  return MIGRATE.test(text) && !text.includes("&&")
    ? [{ file, line, lastLine: line, text: [] }]
    : undefined;
};

/**
 * Start gunicorn.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const productionServer = (project, finding) => {
  const name = applicationOf(project);
  const line = project.lines[finding.line - 1] ?? "";
  const port = /runserver\D*?(?:[\d.]*:)?(\d{2,5})/.exec(line)?.[1] ?? "8000";
  const edits = withCommand(
    project,
    finding,
    `gunicorn ${name ?? "PROJECT"}.wsgi --bind 0.0.0.0:${port} --workers 2`,
  );
  return edits && edits.length > 0
    ? { condition: conditionOf(name, hasGunicorn(project), project.uv.length > 0), edits }
    : undefined;
};

/** @param {CheckedProject} project */
const hasGunicorn = ({ pyproject }) =>
  [pyproject?.dependencies ?? [], ...Object.values(pyproject?.groups ?? {})].some((list) =>
    list.map(packageName).includes("gunicorn"),
  );

/**
 * Start a command in place of the development server, or of nothing.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @param {string} command
 * @returns {LineEdit[] | undefined}
 */
const withCommand = (project, { file, line, lastLine }, command) => {
  const { start, shipped } = project;
  const written = `CMD ${listed(command)}`;
  if (!start.command && !start.entrypoint) {
    const path = withPath(project, shipped.start, environmentOf(project));
    return path && beforeStart(project, ...path.flatMap(({ text }) => text), written);
  }
  const own = file === undefined ? start.command : undefined;
  if (own && own.line === line && own.lastLine === lastLine && isAlone(own)) {
    const path = withPath(project, own, environmentOf(project));
    return path && [...path, ...replaceAll(own, written)];
  }
  const all = fileLines(project, file);
  const changed = all.map((text, index) =>
    index + 1 >= line && index < lastLine ? text.replace(RUNSERVER, `exec ${command}`) : text,
  );
  return changesTo(all, changed, file);
};

/** @param {string | undefined} name @param {boolean} isLocked @param {boolean} hasUv */
const conditionOf = (name, isLocked, hasUv) => {
  const add = hasUv ? "run `uv add gunicorn`" : "add gunicorn to your requirements";
  const first = isLocked ? [] : [add];
  const second = name ? [] : ["replace `PROJECT` with the package that contains your wsgi.py"];
  const todo = [...first, ...second].join(" and ");
  return todo
    ? `${todo.replace(/^./, (letter) => letter.toUpperCase())} before you build the image.`
    : "gunicorn does not serve static files, so you need WhiteNoise or a web server.";
};

/** Whether an instruction starts the development server and nothing else. @param {DockerfileInstruction} own */
const isAlone = ({ isExec, words, command }) =>
  isExec ? shellScript(words) === undefined : !SHELL_SIGNS.test(command);

/** @param {CheckedProject} project */
const environmentOf = ({ installs }) => installs.findLast(({ ships }) => ships)?.target ?? SYSTEM;

/**
 * Return the package with wsgi.py, as Python imports it, or undefined.
 * @param {CheckedProject} project
 */
const applicationOf = ({ input, shipped }) => {
  const paths = Object.keys(input.files ?? {});
  const found = paths.filter((path) => /(?:^|\/)wsgi\.py$/.test(path) && !path.includes("venv"));
  const manage = paths.find((path) => /(?:^|\/)manage\.py$/.test(path)) ?? "";
  const root = parent(manage);
  const [path, other] = found;
  if (path && !other) {
    const folder = parent(path);
    return (root ? folder.replace(`${root}/`, "") : folder).replaceAll("/", ".");
  }
  return shipped.end.environment.get("DJANGO_SETTINGS_MODULE")?.match(/^\w+(?=\.settings)/)?.[0];
};
