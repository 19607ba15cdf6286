// @ts-check
// The database, the server and the worker of a project.

import { fact, NOWHERE, note, packageNamed, startLine } from "./evidence.js";
import { databaseEngines } from "./settings.js";

/** @typedef {import("./evidence.js").Project} Project */
/** @typedef {import("./evidence.js").Reading} Reading */

const OTHER_DATABASES = /^(?:mysqlclient|pymysql|oracledb|cx-oracle|mssql-django|djongo)$/;

/** @param {Project} project @returns {Reading} */
export const database = (project) => {
  const engines = databaseEngines(project.texts);
  const postgres = engines.find(({ value }) => /^postg/.test(value));
  const driver = packageNamed(project, /^psycopg/);
  const service = project.lines.find(({ text }) => /^\s*image:.*\bpostg(?:res|is)/.test(text));
  const origin = postgres ?? driver ?? service;
  if (origin) return { facts: [fact("database", "postgresql", origin)] };
  const other = packageNamed(project, OTHER_DATABASES);
  const engine = engines.find(({ value }) => !/^(?:sqlite3|postg)/.test(value));
  if (other ?? engine) {
    const text =
      "Kits use SQLite or PostgreSQL. For your database, change `compose.yaml` yourself.";
    return { notes: [note(text, other ?? engine ?? NOWHERE)] };
  }
  const sqlite = engines.find(({ value }) => value === "sqlite3");
  return sqlite ? { facts: [fact("database", "sqlite", sqlite)] } : {};
};

const OTHER_SERVERS = /^(?:daphne|hypercorn|granian|uwsgi|pyuwsgi|waitress|mod-wsgi)$/;

/** @param {Project} project @returns {Reading} */
export const server = (project) => {
  const started = startLine(project, /\buvicorn/) ?? startLine(project, /\bgunicorn\b/);
  const kind = started?.text.includes("uvicorn") ? "uvicorn" : "gunicorn";
  if (started) return { facts: [fact("server", kind, started)] };
  const wsgi = packageNamed(project, /^gunicorn$/);
  const asgi = packageNamed(project, /^uvicorn(?:-worker)?$/);
  const other = packageNamed(project, OTHER_SERVERS);
  if (asgi) return { facts: [fact("server", "uvicorn", asgi)] };
  if (wsgi) return { facts: [fact("server", "gunicorn", wsgi)] };
  if (!other) return {};
  const { name } = other.value;
  const more = name === "uwsgi" ? " Remove uwsgi, which has no wheel and needs a compiler." : "";
  return { notes: [note(`Kits start gunicorn or uvicorn instead of ${name}.${more}`, other)] };
};

const WORKERS =
  /^(?:celery|django-celery-beat|celery-redbeat|django-rq|rq|dramatiq|django-dramatiq|huey|django-q2?|procrastinate|django-tasks|django-background-tasks)$/;

/** @param {Project} project @returns {Reading} */
export const worker = (project) => {
  const library = packageNamed(project, WORKERS);
  if (!library) return {};
  const text = `The kit leaves out the worker of ${library.value.name}. Give it its own service in \`compose.yaml\`.`;
  return { notes: [note(text, library)] };
};
