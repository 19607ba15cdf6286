// @ts-check
// The environment variables without which the settings of a project fail.

import { PATTERN_B } from "../sources.js";
import {
  commentOf,
  lines,
  paragraph,
  replaceOnce,
  replaceParagraph,
  withComment,
} from "../texts.js";

const KEY = "used-only-for-this-step";
const ONE = "Django needs a secret key to start. This placeholder is set only for this step.";

// The variables that the lines of the kit read, and that its files set.
const OF_KIT =
  /^(?:DJANGO_(?:SECRET_KEY|ALLOWED_HOSTS|HTTPS|DEBUG|STATIC_ROOT|SETTINGS_MODULE)|DATABASE_(?:HOST|PORT|NAME|USER|PASSWORD|PATH))$/;

/**
 * Return the variables with their placeholders, apart from those that each kit sets. Of a variable
 * that is listed twice, the last value counts.
 * @param {KitNames} names
 */
export const placeholders = ({ variables }) => {
  const values = new Map(
    variables.map((each) => {
      const [name, ...value] = each.split("=");
      return [name, value.join("=") || "none"];
    }),
  );
  return [...values].flatMap(([name, value]) => (OF_KIT.test(name) ? [] : [{ name, value }]));
};

/** Set placeholders for `collectstatic`. @param {string} text @param {Kit} kit */
export const withBuildVariables = (text, { names, read }) => {
  const own = placeholders(names);
  if (own.length === 0) return text;
  const part = withComment(paragraph(text, KEY), (words) =>
    words.replace(ONE, commentOf(paragraph(read(PATTERN_B, "Dockerfile"), KEY))),
  );
  const key = lines(part, KEY);
  const indent = key.startsWith("RUN") ? "        " : key.replace(/\S.*/, "");
  const rows = own.map(({ name, value }) => `${indent}${name}=${value} \\`);
  return replaceParagraph(text, KEY, replaceOnce(part, key, [key, ...rows].join("\n")));
};

// The first list of environment variables is that of the service.
const ENVIRONMENT = /^ {2}environment:.*\n/m;

/** Set placeholders in a Compose file. @param {string} text @param {Kit} kit */
export const withServiceVariables = (text, { names }) => {
  const own = placeholders(names);
  if (own.length === 0) return text;
  const rows = own.map(({ name, value }) => `    ${name}: "${value}"\n`);
  const added = `    # Your settings require these variables. Replace the placeholders.\n${rows.join("")}`;
  return ENVIRONMENT.test(text)
    ? text.replace(ENVIRONMENT, (start) => start + added)
    : replaceOnce(text, "\n\nservices:\n", `\n  environment:\n${added}\nservices:\n`);
};

/** Set placeholders in the settings of the tests. @param {string} text @param {Kit} kit */
export const withTestVariables = (text, { names }) => {
  const key = 'os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests")';
  const rows = placeholders(names).map(
    ({ name, value }) => `os.environ.setdefault("${name}", "${value}")`,
  );
  return replaceOnce(text, key, [key, ...rows].join("\n"));
};
