// @ts-check
// Read YAML files, with the lines of their values. The library is large, so rules do not import this.

import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from "../vendor/yaml.js";

/** @typedef {import("../vendor/yaml.js").Collection<import("../vendor/yaml.js").Pair>} YamlMap */

// Far beyond any compose or CI file.
const MAX_TEXT = 250_000;

/**
 * Return the content of a YAML file. Return undefined if the text is malformed or empty.
 * @param {string} text
 * @returns {YamlNode | undefined}
 */
export const readYaml = (text) => {
  if (text.length > MAX_TEXT) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    logLevel: "silent",
    uniqueKeys: false,
  });
  if (document.errors.length > 0) return undefined;
  const root = new Reader(lines).node(document.contents);
  return root.entries || root.items ? root : undefined;
};

class Reader {
  /** @type {Map<unknown, YamlNode>} What an alias repeats is read once. */
  known = new Map();

  /** @type {Map<string, unknown>} The nodes that aliases name, as far as they have been read. */
  anchors = new Map();

  /** @param {LineCounter} lines */
  constructor(lines) {
    this.lines = lines;
  }

  /** @param {unknown} written @returns {YamlNode} */
  node(written) {
    const source = isAlias(written) ? this.anchors.get(written.source) : written;
    const known = this.known.get(source);
    if (known) return known;
    /** @type {YamlNode} */
    const node = { line: 0, lastLine: 0 };
    // An alias can be within what it repeats.
    this.known.set(source, node);
    if (isScalar(source) || isCollection(source)) this.fill(node, source);
    return node;
  }

  /**
   * @param {YamlNode} node
   * @param {import("../vendor/yaml.js").Scalar | import("../vendor/yaml.js").Collection<unknown>} source
   */
  fill(node, source) {
    const [start, end] = source.range;
    node.line = this.lineAt(start);
    node.lastLine = this.lineAt(Math.max(start, end - 1));
    if (source.anchor) this.anchors.set(source.anchor, source);
    if (isScalar(source)) node.text = source.value === null ? "" : String(source.value);
    else if (isSeq(source)) node.items = source.items.map((item) => this.node(item));
    else if (isMap(source)) node.entries = this.entries(source);
  }

  /** @param {number} offset */
  lineAt(offset) {
    return this.lines.linePos(offset).line;
  }

  /**
   * Return the entries of a map, with those that `<<` merges into it.
   * @param {YamlMap} map
   */
  entries({ items }) {
    const read = items.flatMap(({ key, value }) =>
      isScalar(key)
        ? [{ name: String(key.value), line: this.lineAt(key.range[0]), node: this.node(value) }]
        : [],
    );
    const merged = read
      .filter(({ name }) => name === "<<")
      .flatMap(({ node }) => node.items ?? [node])
      .flatMap(({ entries }) => [...(entries ?? [])]);
    const own = read.filter(({ name }) => name !== "<<");
    // The first map that has a name counts, and the last entry of the map itself.
    return new Map([
      ...merged.reverse(),
      ...own.map(
        ({ name, line, node }) => /** @type {[string, YamlEntry]} */ ([name, { line, node }]),
      ),
    ]);
  }
}
