// @ts-check

import { awaitedDatabases } from "../awaited-databases.js";
import { firstOnEachLine } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "depends-on-not-ready",
  title: "Compose does not wait until the database is ready",
  advice: "Give the database a health check, and wait for it with `condition: service_healthy`.",
  severity: "risky",
  claims: [
    "depends-on-waits-for-the-start-alone",
    "psycopg-names-the-address-at-which-nothing-listens",
  ],
  noFix: "The checker cannot tell how your database reports that it is ready.",
  check: (project) =>
    firstOnEachLine(
      awaitedDatabases(project).map(({ file, line, service, database }) => ({
        file,
        line,
        lastLine: line,
        message: `Compose can start \`${service}\` before the database in \`${database}\` accepts connections, so the first query can fail.`,
      })),
    ),
};
