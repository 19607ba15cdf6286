// @ts-check
// Proposals for compose files.

import { readImage } from "../base-images.js";
import { changesTo, fileLines } from "../line-edits.js";
import { isWithin } from "../paths.js";
import { entry, textOf, valueAt } from "../yaml-values.js";

/** @param {string} line */
const indentOf = (line) => /^\s*/.exec(line)?.[0] ?? "";

/**
 * Keep the environment in a volume of its own, which the mount over the code does not hide.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const ownVolume = (project, { file = "", line }) => {
  const text = fileLines(project, file)[line - 1] ?? "";
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
 * Wait until the database accepts connections.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const databaseIsReady = (project, { file = "", line, message }) => {
  const database = /database in `([^`]+)`/.exec(message)?.[1] ?? "";
  const lines = fileLines(project, file);
  const own = entry(valueAt(project.documents.get(file), "services"), database);
  const changes = inFlow(lines, line, database) ?? inBlock(lines, line, database);
  if (!own || !changes) return undefined;
  const image = readImage(textOf(valueAt(own.node, "image"))).name;
  const [, test = ""] = CHECKS.find(([name]) => name.test(image)) ?? [];
  const indent = indentOf(lines[own.line] ?? "");
  const check = ["healthcheck:", `  ${test}`, "  interval: 2s", "  retries: 30"];
  const added = {
    line: own.line + 1,
    lastLine: own.line,
    text: check.map((each) => indent + each),
  };
  return {
    condition: "The health check uses a program of the official image of the database.",
    edits: [...changes, ...(entry(own.node, "healthcheck") ? [] : [added])].map((edit) => ({
      ...edit,
      file,
    })),
  };
};

/** @param {string} name @param {string} database @param {string} indent */
const condition = (name, database, indent) => [
  `${indent}${name}:`,
  `${indent}  condition: ${name === database ? "service_healthy" : "service_started"}`,
];

/**
 * Change a list such as `depends_on: [redis, db]`.
 * @param {string[]} lines
 * @param {number} line
 * @param {string} database
 * @returns {LineEdit[] | undefined}
 */
const inFlow = (lines, line, database) => {
  const text = lines[line - 1] ?? "";
  const names = /^\s*depends_on:\s*\[([\w\s,.-]*)\]\s*$/.exec(text)?.[1]?.split(",");
  const indent = indentOf(text);
  return (
    names && [
      {
        line,
        lastLine: line,
        text: [
          `${indent}depends_on:`,
          ...names.flatMap((name) => condition(name.trim(), database, `${indent}  `)),
        ],
      },
    ]
  );
};

const ITEM = /^\s*- ["']?([\w.-]+)["']?\s*(?:#.*)?$/;

/**
 * Change the lines below `depends_on:`, which are a list or have another condition.
 * @param {string[]} lines
 * @param {number} line
 * @param {string} database
 * @returns {LineEdit[] | undefined}
 */
const inBlock = (lines, line, database) => {
  const depth = indentOf(lines[line - 1] ?? "").length;
  const below = lines.slice(line);
  const end = below.findIndex((text) => {
    const indent = indentOf(text).length;
    return indent < depth || (indent === depth && !ITEM.test(text));
  });
  const block = end < 0 ? below : below.slice(0, end);
  const start = block.findIndex((text) => text.trim() === `${database}:`);
  const changed = block.map((text, index) => {
    const name = ITEM.exec(text)?.[1];
    if (name) return condition(name, database, indentOf(text)).join("\n");
    return start >= 0 && index === start + 1
      ? text.replace("service_started", "service_healthy")
      : text;
  });
  const edits = changesTo(block, changed);
  return edits.length === 0
    ? undefined
    : edits.map((edit) => ({ ...edit, line: edit.line + line, lastLine: edit.lastLine + line }));
};
