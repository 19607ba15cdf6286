// @ts-check
// The variables that change what uv installs.

const TRUE = /^(?:y|yes|t|true|on|1)$/i;
const FALSE = /^(?:n|no|f|false|off|0)$/i;
// Every uv command reads them, and refuses values that are neither true nor false.
const FLAGS = [
  "UV_DEV",
  "UV_FROZEN",
  "UV_ISOLATED",
  "UV_LOCKED",
  "UV_MANAGED_PYTHON",
  "UV_NO_DEV",
  "UV_NO_EDITABLE",
  "UV_NO_INSTALL_LOCAL",
  "UV_NO_INSTALL_PROJECT",
  "UV_NO_INSTALL_WORKSPACE",
  "UV_NO_MANAGED_PYTHON",
  "UV_NO_PROGRESS",
  "UV_NO_SYNC",
  "UV_OFFLINE",
];
const TEXTS = ["UV_NO_DEFAULT_GROUPS", "UV_NO_GROUP", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT"];
// The commands that read UV_NO_DEFAULT_GROUPS.
const WITH_GROUPS = ["sync", "run", "export"];

/**
 * Return whether a variable is set to a value that uv reads as true.
 * @param {EnvironmentVariables} variables
 * @param {string} name
 */
export const isSet = (variables, name) => TRUE.test(variables[name] ?? "");

/**
 * Return uv's reason for refusing the value of a variable.
 * @param {EnvironmentVariables} variables
 * @param {string} command
 */
export function refusedValue(variables, command) {
  for (const name of FLAGS) {
    const value = variables[name];
    if (value !== undefined && !TRUE.test(value) && !FALSE.test(value) && !value.includes("$")) {
      const reason = "expected a boolish value";
      return `Failed to parse environment variable \`${name}\` with invalid value \`${value}\`: ${reason}`;
    }
  }
  if (!WITH_GROUPS.includes(command)) return undefined;
  const value = variables.UV_NO_DEFAULT_GROUPS ?? "1";
  const isKnown = TRUE.test(value) || FALSE.test(value) || value.includes("$");
  return isKnown
    ? undefined
    : `invalid value '${value}' for '--no-default-groups': value was not a boolean`;
}

/**
 * Return the first value that contains a variable, because the result is unknown.
 * @param {EnvironmentVariables} variables
 */
export const unclearValue = (variables) =>
  [...FLAGS, ...TEXTS].map((name) => variables[name]).find((value) => value?.includes("$"));

/**
 * Return the variable of an option, such as UV_NO_DEV for `--no-dev`.
 * @param {string} flag
 */
export const variableOf = (flag) => `UV_${flag.slice(2).toUpperCase().replaceAll("-", "_")}`;
