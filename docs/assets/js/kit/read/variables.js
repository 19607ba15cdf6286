// @ts-check
// The environment variables that the settings of a project require.

import { fact } from "./evidence.js";
import { inSettings } from "./settings.js";

// The programs that read variables: those of django-environ, environs and python-decouple.
const CALL =
  /(?<![\w.])(?:env|config)(?:\.(\w+))?\(\s*["']([A-Za-z_]\w*)["']([^()]*(?:\([^()]*\)[^()]*)*)\)/g;
const INDEX = /\bos\.environ\[\s*["']([A-Za-z_]\w*)["']\s*\](?!\s*=[^=])/g;
// django-environ has names of its own for some types.
const UNNAMED = /(?<![\w.])env\.(db|cache|email)(?:_url)?\(\s*\)/g;
const KEY = /["']SECRET_KEY["']\s*[,)\]]/g;
// The variables with a default in the scheme of django-environ.
const SCHEME = /\bEnv\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;
// The second argument, or the one with this name.
const DEFAULT = /^\s*,\s*(?!\w+\s*=[^=])\S|\bdefault\s*=/;
const CAST = /\bcast\s*=\s*(\w+)/;

/** What is accepted for each type. @type {Record<string, string>} */
const VALUES = {
  int: "1",
  float: "1",
  decimal: "1",
  bool: "off",
  url: "http://localhost",
  db: "sqlite:////tmp/db.sqlite3",
  db_url: "sqlite:////tmp/db.sqlite3",
  dj_db_url: "sqlite:////tmp/db.sqlite3",
  cache: "locmemcache://",
  cache_url: "locmemcache://",
  dj_cache_url: "locmemcache://",
  email: "consolemail://",
  email_url: "consolemail://",
  timedelta: "1",
};

/** Placeholders for texts whose names say that they are URLs. @type {[RegExp, string][]} */
const URLS = [
  [/BROKER_UR[IL]$/, "memory://"],
  [/REDIS\w*_UR[IL]$/, "redis://localhost"],
  [/_UR[IL]$/, "http://localhost"],
];

/**
 * Return the variables without a default. A name that ends in URL gets a URL as its placeholder.
 * @param {Readonly<Record<string, string>>} texts
 */
export const requiredVariables = (texts) => {
  const known = new Set(
    inSettings(texts, SCHEME).flatMap(({ value }) =>
      [...value.matchAll(/(\w+)\s*=\s*\(/g)].map((match) => match[1]),
    ),
  );
  const calls = inSettings(texts, CALL, (match) => ({
    name: match[2],
    type: match[1] ?? CAST.exec(match[3])?.[1] ?? "",
    hasDefault: DEFAULT.test(match[3]),
  }));
  const items = inSettings(texts, INDEX, (match) => ({
    name: match[1],
    type: "",
    hasDefault: false,
  }));
  const unnamed = inSettings(texts, UNNAMED, (match) => ({
    name: { db: "DATABASE_URL", cache: "CACHE_URL" }[match[1]] ?? "EMAIL_URL",
    type: match[1],
    hasDefault: false,
  }));
  const keys = secretKeys(texts);
  const all = [...calls, ...items, ...unnamed]
    .filter(({ value }) => value.name !== "SECRET_KEY")
    .concat(keys);
  const required = all.filter(
    ({ value: { name, hasDefault } }) => !known.has(name) && !hasDefault && !OF_TESTS.test(name),
  );
  const placeholders = required.map(({ value: { name, type } }) => {
    const value = VALUES[type] ?? URLS.find(([own]) => own.test(name))?.[1];
    return value ? `${name}=${value}` : name;
  });
  // A variable that has a type in one place can have none in another.
  const valued = new Set(
    placeholders.filter((each) => each.includes("=")).map((each) => each.split("=")[0]),
  );
  const values = [...new Set(placeholders)].filter((each) => !valued.has(each));
  return required.length > 0 ? [fact("variables", values, required[0])] : [];
};

/**
 * Return where settings read the secret key. They often stop without it, although they have a
 * default such as None, and so do the settings of a package from which those of the project come.
 * @param {Readonly<Record<string, string>>} texts
 */
const secretKeys = (texts) => {
  const value = () => ({ name: "SECRET_KEY", type: "", hasDefault: false });
  const assigned = inSettings(texts, /^\s*SECRET_KEY\b/gm);
  const imported = inSettings(texts, /^from (?!\.)[\w.]+ import \*/gm, value);
  return [...inSettings(texts, KEY, value), ...(assigned.length === 0 ? imported : [])];
};

const OF_TESTS = /^(?:CI|PYTEST_\w+)$/;
