// @ts-check
import { atText } from "../line-edits.js";
import { allRequirements, packageName } from "../pyproject-tables.js";
import { packagesIn } from "../system-packages.js";

const LIBPQ = /^(?:libpq(?:5|-dev)?|postgresql-(?:dev|libs))$/;
const BINARY = /^psycopg2-binary\b|^psycopg\[[^\]]*\bbinary\b/;

/** @type {Rule} */
export const rule = {
  id: "libpq-not-needed",
  title: "A step installs a libpq that psycopg does not use",
  advice: "Remove the package, or use `psycopg[c]`, which gets its updates from the distribution.",
  severity: "untidy",
  claims: ["psycopg-binary-needs-nothing-from-apt"],
  notTried: "`psycopg2-binary`.",
  noFix: "A program that the checker does not see may need the package.",
  check: (project) => {
    const requirements = allRequirements(project.pyproject).filter((each) =>
      /^psycopg(?:2|-c|2-binary)?$/.test(packageName(each)),
    );
    if (requirements.length === 0 || !requirements.every((each) => BINARY.test(each))) return [];
    return packagesIn(project.commands).flatMap(({ instruction, names }) => {
      const found = names.filter((name) => LIBPQ.test(name));
      if (found.length === 0) return [];
      const name = /^[^><=~! ]+/.exec(requirements[0])?.[0];
      const message = `\`${name}\` contains its own libpq, so it does not need \`${found[0]}\`.`;
      return [{ ...atText(project, instruction, found[0]), message }];
    });
  },
};
