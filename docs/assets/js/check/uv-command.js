// @ts-check
// Read a uv command: its options, as the recorded grammar knows them, and why uv would refuse them.

import { readWords } from "./shell.js";

/** @typedef {{ refused?: string, unclear?: string }} Failure */

// Names that uv accepts without listing them.
/** @type {Record<string, string>} */
const ALIASES = {
  "--compile": "--compile-bytecode",
  "--config-settings": "--config-setting",
  "--constraint": "--constraints",
  "--no-cache-dir": "--no-cache",
  "--no-exact": "--inexact",
  "--override": "--overrides",
  "--requirement": "--requirements",
  "--trusted-host": "--allow-insecure-host",
};
/** @type {Record<string, Record<string, string>>} */
const ALIASES_OF = {
  export: Object.fromEntries(
    ["project", "workspace", "local", "package"].flatMap((what) => [
      [`--no-install-${what}`, `--no-emit-${what}`],
      [`--only-install-${what}`, `--only-emit-${what}`],
    ]),
  ),
};

// The options that uv does not accept together. Of --dev and --no-dev, the last one counts.
/** @type {Record<string, string[]>} */
const CONFLICTS = {
  "--all-extras": ["--extra", "--only-group"],
  "--extra": ["--only-group"],
  "--only-dev": ["--group", "--all-groups", "--no-dev"],
  "--only-group": ["--group", "--dev", "--all-groups"],
  "--locked": ["--frozen", "--upgrade"],
  "--frozen": ["--upgrade", "--no-sources"],
  "--package": ["--all-packages"],
  ...Object.fromEntries(
    ["project", "workspace", "local", "package"].flatMap((what) => [
      [`--no-install-${what}`, [`--only-install-${what}`]],
      [`--no-emit-${what}`, [`--only-emit-${what}`]],
    ]),
  ),
};

// A variable or a command substitution.
const UNKNOWN = /[$`]/;
const REPEATABLE = ["--quiet", "--verbose"];
const WITH_SUBCOMMANDS = ["pip", "python", "tool", "cache", "self"];

/**
 * Read a simple command whose program is uv. Returns undefined for another program.
 * @param {string[]} words Its words, with quotes and the assignments before the program.
 * @param {OptionGrammar} grammar
 * @returns {UvCommand | undefined}
 */
export function readCommand(words, grammar) {
  const { variables, words: call, output } = readWords(words);
  const read = readArguments(call, grammar);
  return read && { variables: Object.fromEntries(variables), output, ...read };
}

/**
 * Read the words of a command without quotes. Returns undefined if the program is not uv.
 * @param {string[]} words
 * @param {OptionGrammar} grammar
 * @returns {UvArguments | undefined}
 */
export function readArguments([program = "", ...words], grammar) {
  return program.split("/").at(-1) === "uv" ? new Reader(words, grammar).read() : undefined;
}

class Reader {
  /** @type {UvOption[]} */
  options = [];
  /** @type {string[]} */
  operands = [];
  name = "";
  isOver = false;
  /** @type {Failure | undefined} */
  failure;

  /**
   * @param {string[]} words
   * @param {OptionGrammar} grammar
   */
  constructor(words, grammar) {
    this.words = words;
    this.grammar = grammar;
  }

  /** What follows a word that uv refuses is read as well, because rules look for it. */
  read() {
    while (this.words.length) this.readWord(this.words.shift() ?? "");
    const { name, options, operands, failure } = this;
    return { name, options, operands, ...(failure ?? conflict(options)) };
  }

  /** @param {string} word */
  readWord(word) {
    if (word === "--" && !this.isOver) this.isOver = true;
    else if (/^-./.test(word) && !this.isOver) this.readOption(word);
    else if (!this.hasSubcommand) this.name = this.name ? `${this.name} ${word}` : word;
    else this.readOperand(word);
  }

  get hasSubcommand() {
    return this.name !== "" && !WITH_SUBCOMMANDS.includes(this.name);
  }

  /** The options of other subcommands are unknown. */
  get hasGrammar() {
    return !this.hasSubcommand || this.name in this.grammar.commands;
  }

  /** @param {string} word */
  readOperand(word) {
    this.operands.push(word);
    // What follows belongs to the program that uv runs.
    if (this.name === "run") this.operands.push(...this.words.splice(0));
    else if (UNKNOWN.test(word)) this.fail({ unclear: word });
    else if (this.name === "sync" || this.name === "export") {
      this.refuse(`unexpected argument '${word}' found`);
    }
  }

  /** @param {string} word */
  readOption(word) {
    if (!this.hasGrammar) {
      const [name, value] = word.split(/=(.*)/s);
      this.options.push({ name, value });
      return;
    }
    if (!word.startsWith("--")) {
      this.readShort(word);
      return;
    }
    const [written, value] = word.split(/=(.*)/s);
    const name = ALIASES_OF[this.name]?.[written] ?? this.known(ALIASES[written]) ?? written;
    this.add(name, written, value);
  }

  /**
   * A cluster of short options, the last of which can have its value attached.
   * @param {string} word
   */
  readShort(word) {
    for (let at = 1; at < word.length; at++) {
      const written = `-${word[at]}`;
      const name = this.shorts[written] ?? written;
      const attached = word.slice(at + 1).replace(/^=/, "");
      if (!this.takes(name, "values")) this.add(name, written, undefined);
      else {
        this.add(name, written, attached || undefined);
        return;
      }
    }
  }

  /**
   * @param {string} name
   * @param {string} written
   * @param {string | undefined} value
   */
  add(name, written, value) {
    if (this.takes(name, "values")) this.addValue(name, value ?? this.words.shift());
    else if (!this.takes(name, "flags")) this.refuse(`unexpected argument '${written}' found`);
    else if (value === undefined) this.addFlag(name);
    else this.refuse(`unexpected value '${value}' for '${name}' found; no more were expected`);
  }

  /**
   * @param {string} name
   * @param {string | undefined} value
   */
  addValue(name, value) {
    if (value === undefined) {
      this.refuse(`a value is required for '${shown(name)}' but none was supplied`);
      return;
    }
    if (UNKNOWN.test(value)) this.fail({ unclear: value });
    this.options.push({ name, value });
  }

  /** @param {string} refused */
  refuse(refused) {
    this.fail({ refused });
  }

  /** @param {Failure} failure The first one counts. */
  fail(failure) {
    this.failure ??= failure;
  }

  /** @param {string} name */
  addFlag(name) {
    if (this.options.some((each) => each.name === name)) {
      if (!REPEATABLE.includes(name)) {
        this.refuse(`the argument '${name}' cannot be used multiple times`);
      }
      return;
    }
    const other = opposite(name);
    this.options = this.options.filter((each) => each.name !== other || each.value !== undefined);
    this.options.push({ name });
  }

  /**
   * @param {string} name
   * @param {"flags" | "values"} kind
   */
  takes(name, kind) {
    const { commands } = this.grammar;
    return commands[""][kind].includes(name) || commands[this.name]?.[kind].includes(name);
  }

  /** @param {string | undefined} name */
  known(name) {
    return name && (this.takes(name, "values") || this.takes(name, "flags")) ? name : undefined;
  }

  get shorts() {
    const { commands } = this.grammar;
    return { ...commands[""].short, ...commands[this.name]?.short };
  }
}

/** @param {string} name */
function opposite(name) {
  if (name === "--exact" || name === "--inexact")
    return name === "--exact" ? "--inexact" : "--exact";
  return name.startsWith("--no-") ? name.replace("--no-", "--") : name.replace("--", "--no-");
}

/**
 * Return uv's reason for refusing two options together. It names them in their order.
 * @param {UvOption[]} options
 * @returns {Failure}
 */
function conflict(options) {
  const names = [...new Set(options.map(({ name }) => name))];
  for (const name of names) {
    const others = names.filter(
      (each) => CONFLICTS[name]?.includes(each) || CONFLICTS[each]?.includes(name),
    );
    if (others.length) {
      const list = others.map((each) => `'${shown(each, options)}'`).join(" and ");
      return { refused: `the argument '${shown(name, options)}' cannot be used with ${list}` };
    }
  }
  return {};
}

/**
 * Return an option as uv's messages name it, with the name of its value.
 * @param {string} name
 * @param {UvOption[]} options
 */
function shown(name, options = [{ name, value: "" }]) {
  const hasValue = options.some((each) => each.name === name && each.value !== undefined);
  return hasValue ? `${name} <${name.slice(2).toUpperCase().replaceAll("-", "_")}>` : name;
}

/**
 * Return whether one of the options is written.
 * @param {UvArguments} command
 * @param {string[]} names
 */
export const has = (command, ...names) => command.options.some(({ name }) => names.includes(name));

/**
 * Return the values of options.
 * @param {UvArguments} command
 * @param {string[]} names
 */
export const values = (command, ...names) =>
  command.options.flatMap(({ name, value }) =>
    names.includes(name) && value !== undefined ? [value] : [],
  );
