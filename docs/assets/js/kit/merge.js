// @ts-check
// Put the lines of a kit into a file that the project has.

import { packageName } from "../check/pyproject-tables.js";
import { table, texts } from "../check/toml.js";
import { satisfies } from "../vendor/pep440.js";
import { parse, TomlError } from "../vendor/smol-toml.js";

// A text with triple quotes or a comment, which can contain what looks like code.
const TEXT = /#.*|("""|''')(?:\\[\s\S]|(?!\1)[^\\])*\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
const FUTURE = /^from\s+__future__\s+import\b[ \t]*(?:\([^)]*\)|(?:\\\n|.)*)/gm;
const IMPORT = /^(?:import|from)\s/m;
// A line of an array with an item.
const ITEM = /^\s*["'{]/;

/** @typedef {{ key: string, first: number, end: number, comments: number }} Entry */
/** @typedef {{ header: string, first: number, end: number, entries: Entry[] }} Block */
/** What was merged, and the settings whose value in the file is a different one. */
/** @typedef {{ text: string, conflicts: string[] }} Merged */

/**
 * Return the file with the lines, or undefined if it is no file to which they can be added.
 * @param {string} text
 * @param {KitPart[]} parts
 * @returns {Merged | undefined}
 */
export const merge = (text, parts) => {
  /** @type {Merged} */
  const merged = { text: text.replace(/\r\n/g, "\n").trimEnd(), conflicts: [] };
  if (merged.text !== "") merged.text += "\n";
  try {
    for (const part of parts) {
      if (part.at === "toml") addTables(merged, part.text);
      else merged.text = withCode(merged.text, part);
    }
    if (parts.some(({ at }) => at === "toml")) parse(merged.text);
    return merged;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return undefined;
  }
};

/** @param {string} text @param {KitPart} part */
const withCode = (text, { at, text: own }) => {
  if (text.includes(own.trim())) return text;
  if (at === "end") return `${text}\n${own.trim()}\n`;
  const lines = text.split("\n");
  const before = startOf(text);
  return [...lines.slice(0, before), ...own.trim().split("\n"), ...lines.slice(before)].join("\n");
};

/**
 * Return the index of the line above which imports go: that of the first import, below the imports
 * from `__future__`, which have to be the first ones, and the docstring.
 * @param {string} text
 */
const startOf = (text) => {
  // Spaces keep the indexes of lines.
  const code = text.replace(TEXT, (each) => each.replace(/[^\n]/g, " "));
  const last = [...code.matchAll(FUTURE)].at(-1);
  const future = last ? last.index + last[0].length : 0;
  const first = code.slice(future).search(IMPORT);
  if (first >= 0) return text.slice(0, future + first).split("\n").length - 1;
  if (future > 0) return text.slice(0, future).split("\n").length;
  const below = code.search(/\S/);
  return below < 0 ? text.split("\n").length - 1 : text.slice(0, below).split("\n").length - 1;
};

/** @param {Merged} merged @param {string} part */
const addTables = (merged, part) => {
  const own = withoutDependencies(part, merged.text).split("\n");
  for (const block of blocksOf(own)) {
    if (!block.header.startsWith("[[") && hasHeader(merged.text, block.header)) {
      for (const entry of block.entries) addEntry(merged, block.header, own, entry);
    } else if (!hasTable(merged.text, own, block)) {
      merged.text = withTable(merged.text, own.slice(block.first, block.end));
    }
  }
};

/** @param {string} text @param {string[]} lines */
const withTable = (text, lines) => {
  const added = lines.join("\n").trim();
  if (added === "") return text;
  return `${text}${text === "" ? "" : "\n"}${added}\n`;
};

/** @param {string} text @param {string} own */
const hasHeader = (text, own) => blocksOf(text.split("\n")).some(({ header }) => header === own);

/**
 * Whether an array of tables has a table of the same name, such as that of an index.
 * @param {string} text
 * @param {string[]} own
 * @param {Block} block
 */
const hasTable = (text, own, block) => {
  const nameIn = (/** @type {string[]} */ lines, /** @type {Block} */ { entries }) => {
    const entry = entries.find(({ key }) => key === "name");
    return entry && tomlValue(lines, entry);
  };
  const lines = text.split("\n");
  return blocksOf(lines).some(
    (each) =>
      block.header.startsWith("[[") &&
      each.header === block.header &&
      nameIn(lines, each) === nameIn(own, block),
  );
};

/**
 * Return the lines without those packages of the `prod` group that the project already has as
 * dependencies, whose versions can be other ones.
 * @param {string} part
 * @param {string} text
 */
const withoutDependencies = (part, text) => {
  const dependencies = texts(table(parse(text).project).dependencies).map(packageName);
  const lines = part.split("\n");
  const groups = blocksOf(lines).find(({ header }) => header === "[dependency-groups]");
  // Pipelines install the other groups without the dependencies.
  for (const { key, first, end } of groups?.entries.filter((each) => each.key === "prod") ?? []) {
    const wanted = texts(tomlValue(lines, { first, end }));
    const own = wanted.filter((each) => !dependencies.includes(packageName(each)));
    if (own.length < wanted.length) {
      lines[first] = `${key} = ${JSON.stringify(own).replaceAll('","', '", "')}`;
      lines.splice(first + 1, end - first - 1);
    }
  }
  return lines.join("\n");
};

/**
 * @param {Merged} merged
 * @param {string} header
 * @param {string[]} own
 * @param {Entry} entry
 */
const addEntry = (merged, header, own, entry) => {
  const lines = merged.text.split("\n");
  const block = blocksOf(lines).find((each) => each.header === header);
  const existing = block?.entries.find(({ key }) => key === entry.key);
  if (!existing) {
    const at = lastLine(lines, block) + 1;
    const added = own.slice(entry.comments, entry.end);
    merged.text = [...lines.slice(0, at), ...added, ...lines.slice(at)].join("\n");
    return;
  }
  const [value, wanted] = [tomlValue(lines, existing), tomlValue(own, entry)];
  if (Array.isArray(value) && Array.isArray(wanted)) {
    const missing = wanted.filter((each) => !value.some((has) => isSame(has, each)));
    const changed = withItems(lines.slice(existing.first, existing.end), missing);
    merged.text = [
      ...lines.slice(0, existing.first),
      ...changed,
      ...lines.slice(existing.end),
    ].join("\n");
  } else if (!isFine(entry.key, value, wanted)) {
    merged.conflicts.push(own.slice(entry.first, entry.end).join("\n").trim());
  }
};

/** @param {string[]} lines @param {Pick<Entry, "first" | "end">} entry */
const tomlValue = (lines, { first, end }) =>
  Object.values(parse(lines.slice(first, end).join("\n")))[0];

/**
 * Whether a value of the file can stay: it is the one of the kit, or a range of Python versions that
 * includes the kit's.
 * @param {string} key
 * @param {unknown} value
 * @param {unknown} wanted
 */
const isFine = (key, value, wanted) => {
  const version = key === "requires-python" ? /\d+\.\d+/.exec(String(wanted))?.[0] : undefined;
  if (version === undefined) return JSON.stringify(value) === JSON.stringify(wanted);
  // A range such as `~=3.13.5` allows only later patch releases.
  return satisfies(version, String(value)) || satisfies(`${version}.99`, String(value));
};

/** Whether two items are equal, or require the same package. @param {unknown} one @param {unknown} other */
const isSame = (one, other) => {
  if (typeof one !== "string" || typeof other !== "string") {
    return JSON.stringify(one) === JSON.stringify(other);
  }
  return packageName(one) === packageName(other);
};

/**
 * Add items to an array, on one line or with a line for each item.
 * @param {string[]} lines
 * @param {unknown[]} items
 */
const withItems = (lines, items) => {
  if (items.length === 0) return lines;
  const texts = items.map((item) => JSON.stringify(item));
  if (lines.length === 1) {
    const end = blanked(lines[0]).lastIndexOf("]");
    const before = lines[0].slice(0, end).trimEnd().replace(/,$/, "");
    const after = lines[0].slice(end);
    const comma = before.endsWith("[") ? "" : ", ";
    return [`${before}${comma}${texts.join(", ")}${after}`];
  }
  const last = lines.slice(0, -1).findLastIndex((line) => ITEM.test(line));
  const indent = /^\s*/.exec(lines[Math.max(last, 1)])?.[0] || "    ";
  return [
    ...lines.slice(0, Math.max(last, 0)),
    ...(last >= 0 ? [withComma(lines[last])] : [lines[0]]),
    ...lines.slice(Math.max(last, 0) + 1, -1),
    ...texts.map((each) => `${indent}${each},`),
    ...lines.slice(-1),
  ];
};

/** Return the line of an item with a comma behind the item. @param {string} line */
const withComma = (line) => {
  const [, item, rest] = /^(\s*(?:"[^"]*"|'[^']*'|\{[^}]*\}))(?:\s*,)?(.*)$/.exec(line) ?? [];
  return item === undefined ? line : `${item},${rest}`;
};

/** @param {string[]} lines @param {Block | undefined} block */
const lastLine = (lines, block) => {
  let at = (block?.end ?? lines.length) - 1;
  const first = block?.first ?? 0;
  while (at > first && (lines[at].trim() === "" || isAboveNext(lines, at))) at -= 1;
  return at;
};

/** Whether a comment stands directly above the next table. @param {string[]} lines @param {number} at */
const isAboveNext = (lines, at) => {
  if (!lines[at].trim().startsWith("#")) return false;
  const below = lines.slice(at + 1).find((line) => !line.trim().startsWith("#"));
  return below?.trim().startsWith("[") === true;
};

/**
 * Return the tables of a TOML text with their entries, as indexes of lines.
 * @param {string[]} lines
 * @returns {Block[]}
 */
const blocksOf = (lines) => {
  /** @type {Block[]} */
  const blocks = [{ header: "", first: 0, end: lines.length, entries: [] }];
  let comments = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const block = blocks[blocks.length - 1];
    const header = /^\s*(\[\[?[^\]]+\]\]?)\s*(?:#.*)?$/.exec(lines[at])?.[1];
    const key = /^\s*([\w"'.-]+(?:\s*\.\s*[\w"'-]+)*)\s*=/.exec(lines[at])?.[1];
    if (header !== undefined) {
      block.end = comments;
      blocks.push({
        header: header.replace(/\s/g, ""),
        first: comments,
        end: lines.length,
        entries: [],
      });
    } else if (key !== undefined) {
      const end = entryEnd(lines, at);
      block.entries.push({ key, first: at, end, comments });
      at = end - 1;
    }
    if (header !== undefined || key !== undefined || lines[at].trim() === "") comments = at + 1;
  }
  return blocks;
};

/** Return a line of TOML with spaces instead of its texts and its comment. @param {string} line */
const blanked = (line) =>
  line.replace(/"(?:\\.|[^"\\])*"|'[^']*'|#.*/g, (each) => " ".repeat(each.length));

/** Return the index of the line below an entry, whose value can have several lines. @param {string[]} lines @param {number} first */
const entryEnd = (lines, first) => {
  const long = /=\s*("""|''')/.exec(lines[first])?.[1];
  if (long !== undefined) {
    const rest = lines[first].slice(lines[first].indexOf(long) + 3);
    if (rest.includes(long)) return first + 1;
    const end = lines.findIndex((line, at) => at > first && line.includes(long));
    return end < 0 ? lines.length : end + 1;
  }
  let depth = 0;
  for (let at = first; at < lines.length; at += 1) {
    const code = blanked(lines[at]);
    depth += code.split(/[[{]/).length - code.split(/[\]}]/).length;
    if (depth <= 0) return at + 1;
  }
  return lines.length;
};
