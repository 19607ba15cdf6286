// @ts-check
// Proposals for compose files.

import { readImage } from "../base-images.js";
import { isWithin } from "../paths.js";
import { entry, textOf, valueAt } from "../yaml-values.js";

/** @param {CheckedProject} project @param {string} file */
const linesOf = ({ input }, file) => (input.texts?.[file] ?? "").split(/\r?\n/);

/** @param {string} line */
const indentOf = (line) => /^\s*/.exec(line)?.[0] ?? "";

/**
 * Keep the environment in a volume of its own, which the mount over the code does not hide.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const ownVolume = (project, { file = "", line }) => {
  const text = linesOf(project, file)[line - 1] ?? "";
  const target = /^\s*- ["']?[^\s:]+:([^\s:"']+)/.exec(text)?.[1];
  const hidden = project.installs.find(
    ({ ships, target: each }) => ships && target && isWithin(each, target.replace(/\/$/, "")),
  );
  if (!hidden) return undefined;
  return {
    condition:
      "After you add a package, start the services with `docker compose up --build --renew-anon-volumes`, because the volume keeps the old packages.",
    edits: [
      { file, line: line + 1, lastLine: line, text: [`${indentOf(text)}- ${hidden.target}`] },
    ],
  };
};

/** @type {[RegExp, string][]} */
const CHECKS = [
  [
    /mysql|mariadb/,
    'test: ["CMD-SHELL", "healthcheck.sh --connect --innodb_initialized || mysqladmin ping"]',
  ],
  [/./, `test: ["CMD-SHELL", 'pg_isready --username "$\${POSTGRES_USER:-postgres}"']`],
];

/**
 * Wait until the database accepts connections, in each service of the file that lists it.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const databaseIsReady = (project, { file = "", line, message }) => {
  const database = /database in `([^`]+)`/.exec(message)?.[1] ?? "";
  const lines = linesOf(project, file);
  const services = valueAt(project.documents.get(file), "services");
  const item = valueAt(services, database);
  const own = entry(services, database);
  const list = listBelow(lines, line);
  if (!item || !own || !list) return undefined;
  /** @type {LineEdit[]} */
  const edits = list.map(({ number, indent, name }) => ({
    file,
    line: number,
    lastLine: number,
    text: [
      `${indent}${name}:`,
      `${indent}  condition: ${name === database ? "service_healthy" : "service_started"}`,
    ],
  }));
  if (!entry(item, "healthcheck")) {
    const [, test] =
      CHECKS.find(([image]) => image.test(readImage(textOf(valueAt(item, "image"))).name)) ?? [];
    const indent = indentOf(lines[own.line] ?? "");
    edits.push({
      file,
      line: own.line + 1,
      lastLine: own.line,
      text: [
        `${indent}healthcheck:`,
        `${indent}  ${test}`,
        `${indent}  interval: 2s`,
        `${indent}  retries: 30`,
      ],
    });
  }
  return {
    condition: "The check uses a program of the official database images.",
    edits,
  };
};

/**
 * Return the items of a list in block style below a line.
 * @param {string[]} lines
 * @param {number} line
 */
const listBelow = (lines, line) => {
  const items = [];
  for (let index = line; index < lines.length; index += 1) {
    const [, indent, name] = /^(\s*)- ["']?([\w.-]+)["']?\s*(?:#.*)?$/.exec(lines[index]) ?? [];
    if (indent === undefined || name === undefined) break;
    items.push({ number: index + 1, indent, name });
  }
  return items.length > 0 ? items : undefined;
};
