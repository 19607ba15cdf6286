// @ts-check
// Values in YAML files, whatever types they have.

/**
 * Return an entry of a map.
 * @param {YamlNode | undefined} node
 * @param {string} name
 */
export const entry = (node, name) => node?.entries?.get(name);

/**
 * Return the value at a path of names.
 * @param {YamlNode | undefined} node
 * @param {string[]} names
 * @returns {YamlNode | undefined}
 */
export const valueAt = (node, ...names) =>
  names.reduce((/** @type {YamlNode | undefined} */ at, name) => entry(at, name)?.node, node);

/**
 * Return the text of a value, or an empty text if it is a map or a list.
 * @param {YamlNode | undefined} node
 */
export const textOf = (node) => node?.text ?? "";

/**
 * Return the texts of a list, or of a single value.
 * @param {YamlNode | undefined} node
 * @returns {string[]}
 */
export const textsOf = (node) =>
  node?.text === undefined ? (node?.items ?? []).map(textOf) : [node.text];

/**
 * Return the variables of a map, or of a list such as `NAME=value`.
 * @param {YamlNode | undefined} node
 * @returns {[string, string][]}
 */
export const variablesOf = (node) => [
  ...[...(node?.entries ?? [])].map(
    ([name, { node: value }]) => /** @type {[string, string]} */ ([name, scalar(value)]),
  ),
  ...(node?.items ?? []).map((item) => {
    const [name, value = ""] = textOf(item).split(/=(.*)/s);
    return /** @type {[string, string]} */ ([name, value]);
  }),
];

/** GitLab describes a variable with a map that has its value. @param {YamlNode} node */
const scalar = (node) => node.text ?? textOf(valueAt(node, "value"));
