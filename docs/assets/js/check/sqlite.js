// @ts-check
// Whether a project keeps its data in a SQLite file.

import { allRequirements, packageName } from "./pyproject-tables.js";

const OTHER = /psycopg|libpq|mysql|mariadb|oracledb|mssql|cx-oracle|mongo/;
const IMAGE = /\bimage:\s*\S*(?:postg|mysql|mariadb|timescale)/;

/**
 * Return whether Django keeps its data in a SQLite file, as it does without a driver for another
 * database. Return undefined if the packages are unknown.
 * @param {CheckedProject} project
 */
export const usesSqlite = ({ pyproject, input }) => {
  const all = allRequirements(pyproject).map(packageName);
  const texts = Object.values(input.texts ?? {});
  if (OTHER.test([input.dockerfile, ...all].join()) || texts.some((each) => IMAGE.test(each))) {
    return false;
  }
  return all.includes("django") || undefined;
};
