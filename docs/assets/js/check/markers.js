// @ts-check
// Environment markers, as the specification of dependency specifiers defines them.
import { satisfies, valid } from "../vendor/pep440.js";

/** @typedef {{ name: string } | { literal: string }} Operand */
/** @typedef {{ left: Operand, operator: string, right: Operand }} Comparison */
/** @typedef {{ or: Marker[] } | { and: Marker[] } | Comparison} Marker */

const TOKEN = /\s*(?:('[^']*'|"[^"]*")|(\(|\))|(===|==|~=|!=|<=|>=|<|>)|([A-Za-z_][\w.]*))/y;
const OPERATOR = /^(?:===|==|~=|!=|<=|>=|<|>|in|not in)$/;
const VERSIONS = ["python_version", "python_full_version", "implementation_version"];
// Names that stand for several values.
const SETS = ["extra", "extras", "dependency_groups"];
/** @type {Record<string, string>} */
const INVERTED = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };
/** @type {Record<string, string>} */
const OLD_NAMES = {
  "os.name": "os_name",
  "sys.platform": "sys_platform",
  "platform.version": "platform_version",
  "platform.machine": "platform_machine",
  "platform.python_implementation": "platform_python_implementation",
  python_implementation: "platform_python_implementation",
};

/** A marker that is not understood. */
export class MarkerError extends Error {}

/** @type {Map<string, Marker>} */
const parsed = new Map();

/**
 * Return whether a marker is true in an environment and for the requested extras.
 * @param {string} text
 * @param {MarkerEnvironment} environment
 * @param {ReadonlySet<string>} extras
 * @returns {boolean}
 */
export function matches(text, environment, extras = new Set()) {
  const marker = parsed.get(text) ?? parse(text);
  parsed.set(text, marker);
  return holds(marker, environment, extras);
}

/**
 * Parse a marker. Throws an error that quotes what is not understood.
 * @param {string} text
 * @returns {Marker}
 */
export function parse(text) {
  const tokens = tokenise(text);
  const marker = parseOr(tokens);
  if (tokens.length) throw unexpected(tokens);
  return marker;
}

/** @param {string} text */
function tokenise(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim()) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match)
      throw new MarkerError(`The marker is not understood from “${text.slice(start).trim()}” on.`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** @param {string[]} tokens */
const unexpected = (tokens) =>
  new MarkerError(
    tokens.length ? `“${tokens[0]}” is unexpected in the marker.` : "The marker is incomplete.",
  );

/**
 * @param {string[]} tokens
 * @returns {Marker}
 */
function parseOr(tokens) {
  const or = [parseAnd(tokens)];
  while (tokens[0] === "or") {
    tokens.shift();
    or.push(parseAnd(tokens));
  }
  return or.length > 1 ? { or } : or[0];
}

/**
 * @param {string[]} tokens
 * @returns {Marker}
 */
function parseAnd(tokens) {
  const and = [parseOne(tokens)];
  while (tokens[0] === "and") {
    tokens.shift();
    and.push(parseOne(tokens));
  }
  return and.length > 1 ? { and } : and[0];
}

/**
 * @param {string[]} tokens
 * @returns {Marker}
 */
function parseOne(tokens) {
  if (tokens[0] === "(") {
    tokens.shift();
    const inside = parseOr(tokens);
    if (tokens.shift() !== ")") throw new MarkerError("A parenthesis in the marker is not closed.");
    return inside;
  }
  const left = parseOperand(tokens);
  const operator = parseOperator(tokens);
  const right = parseOperand(tokens);
  if (!("name" in left) && !("name" in right))
    throw new MarkerError("The marker compares two literals.");
  return { left, operator, right };
}

/**
 * @param {string[]} tokens
 * @returns {Operand}
 */
function parseOperand(tokens) {
  const [token] = tokens;
  if (!token || !/^['"A-Za-z_]/.test(token)) throw unexpected(tokens);
  tokens.shift();
  if (/^['"]/.test(token)) return { literal: token.slice(1, -1) };
  return { name: OLD_NAMES[token] ?? token };
}

/** @param {string[]} tokens */
function parseOperator(tokens) {
  const operator = tokens[0] === "not" && tokens[1] === "in" ? "not in" : tokens[0];
  if (!OPERATOR.test(operator ?? "")) throw unexpected(tokens);
  tokens.splice(0, operator === "not in" ? 2 : 1);
  return operator;
}

/**
 * @param {Marker} marker
 * @param {MarkerEnvironment} environment
 * @param {ReadonlySet<string>} extras
 * @returns {boolean}
 */
function holds(marker, environment, extras) {
  if ("or" in marker) return marker.or.some((each) => holds(each, environment, extras));
  if ("and" in marker) return marker.and.every((each) => holds(each, environment, extras));
  const { left, operator, right } = marker;
  if ("literal" in left) {
    const { name } = /** @type {{ name: string }} */ (right);
    if (SETS.includes(name)) return isAsked(operator, left.literal, extras);
    return compareInverted(left.literal, operator, name, valueIn(name, environment));
  }
  if (SETS.includes(left.name) && "literal" in right) {
    return isAsked(operator, right.literal, extras);
  }
  const literal = "literal" in right ? right.literal : valueIn(right.name, environment);
  return compare(left.name, valueIn(left.name, environment), operator, literal);
}

/**
 * @param {string} name
 * @param {MarkerEnvironment} environment
 */
function valueIn(name, environment) {
  const value = /** @type {Record<string, string | undefined>} */ ({ ...environment })[name];
  if (value === undefined) throw new MarkerError(`“${name}” is not a name that markers can use.`);
  return value;
}

/**
 * @param {string} operator
 * @param {string} extra
 * @param {ReadonlySet<string>} extras
 */
function isAsked(operator, extra, extras) {
  const asked = extras.has(normalise(extra));
  return operator === "!=" || operator === "not in" ? !asked : asked;
}

/**
 * Return the normalised form of the name of a package, an extra or a group.
 * @param {string} name
 */
export const normalise = (name) => name.toLowerCase().replace(/[-_.]+/g, "-");

/**
 * @param {string} name
 * @param {string} value
 * @param {string} operator
 * @param {string} literal
 */
function compare(name, value, operator, literal) {
  if (!VERSIONS.includes(name)) return compareStrings(value, operator, literal);
  if (operator.endsWith("in")) {
    const versions = literal.split(/[\s,]+/).filter(Boolean);
    const isListed = versions.some((each) => compareVersions(value, "==", each));
    return isListed === (operator === "in");
  }
  return compareVersions(value, operator, literal);
}

/**
 * @param {string} literal
 * @param {string} operator
 * @param {string} name
 * @param {string} value
 */
function compareInverted(literal, operator, name, value) {
  if (operator.endsWith("in")) return compareStrings(literal, operator, value);
  return compare(name, value, INVERTED[operator] ?? operator, literal);
}

/**
 * @param {string} version
 * @param {string} operator
 * @param {string} literal
 */
function compareVersions(version, operator, literal) {
  const isVersion = valid(version) && valid(literal.replace(/\.\*$/, ""));
  if (!isVersion) return compareStrings(version, operator, literal);
  return satisfies(version, `${operator}${literal}`, { prereleases: true });
}

/**
 * @param {string} value
 * @param {string} operator
 * @param {string} literal
 */
function compareStrings(value, operator, literal) {
  switch (operator) {
    case "in":
      return literal.includes(value);
    case "not in":
      return !literal.includes(value);
    case "<":
      return value < literal;
    case ">":
      return value > literal;
    case "<=":
      return value <= literal;
    case ">=":
      return value >= literal;
    default:
      return (value === literal) === (operator !== "!=");
  }
}
