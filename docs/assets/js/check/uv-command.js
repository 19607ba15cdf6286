// @ts-check
// Read a uv command: its options, as the recorded grammar knows them, and why uv would refuse them.

/** @typedef {{ refused?: string, unclear?: string }} Failure */

// Names that uv accepts without listing them.
/** @type {Record<string, string>} */
const ALIASES = {
  "--config-settings": "--config-setting",
  "--constraint": "--constraints",
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

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const REDIRECTION = /^(\d?)>>?(.*)$/s;
// A variable or a command substitution.
const UNKNOWN = /[$`]/;
const REPEATABLE = ["--quiet", "--verbose"];

/**
 * Read a simple command whose program is uv. Returns undefined for another program.
 * @param {string[]} words Its words, with quotes and the assignments before the program.
 * @param {OptionGrammar} grammar
 * @returns {UvCommand | undefined}
 */
export function readCommand(words, grammar) {
  const { rest, output } = takeRedirections(words);
  /** @type {Record<string, string>} */
  const variables = {};
  let assignment = rest[0]?.match(ASSIGNMENT);
  while (assignment) {
    variables[assignment[1]] = unquoted(assignment[2]);
    rest.shift();
    assignment = rest[0]?.match(ASSIGNMENT);
  }
  const program = unquoted(rest.shift() ?? "");
  if (program.split("/").at(-1) !== "uv") return undefined;
  const reader = new Reader(rest.map(unquoted), grammar);
  return { variables, output, ...reader.read() };
}

/** @param {string} word */
const unquoted = (word) => word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/gs, "$1$2");

/** @param {string[]} words */
function takeRedirections(words) {
  const rest = [];
  let output;
  for (let at = 0; at < words.length; at++) {
    const redirection = words[at].match(REDIRECTION);
    if (!redirection) rest.push(words[at]);
    else {
      const file = redirection[2] || (words[++at] ?? "");
      if (!redirection[1] || redirection[1] === "1") output = unquoted(file);
    }
  }
  return { rest, output };
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

  read() {
    while (this.words.length && !this.failure) this.readWord(this.words.shift() ?? "");
    const { name, options, operands, failure } = this;
    return { name, options, operands, ...(failure ?? conflict(options)) };
  }

  /** @param {string} word */
  readWord(word) {
    if (word === "--" && !this.isOver) this.isOver = true;
    else if (/^-./.test(word) && !this.isOver && this.hasGrammar) this.readOption(word);
    else if (!this.hasSubcommand) this.name = this.name ? `${this.name} ${word}` : word;
    else this.readOperand(word);
  }

  get hasSubcommand() {
    return this.name !== "" && this.name !== "pip";
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
    else if (UNKNOWN.test(word)) this.failure = { unclear: word };
    else if (this.name === "sync" || this.name === "export") {
      this.refuse(`unexpected argument '${word}' found`);
    }
  }

  /** @param {string} word */
  readOption(word) {
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
    for (let at = 1; at < word.length && !this.failure; at++) {
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
    if (this.takes(name, "values")) {
      const given = value ?? this.words.shift();
      if (given === undefined) {
        this.refuse(`a value is required for '${shown(name)}' but none was supplied`);
      } else if (UNKNOWN.test(given)) this.failure = { unclear: given };
      else this.options.push({ name, value: given });
    } else if (!this.takes(name, "flags")) this.refuse(`unexpected argument '${written}' found`);
    else if (value === undefined) this.addFlag(name);
    else this.refuse(`unexpected value '${value}' for '${name}' found; no more were expected`);
  }

  /** @param {string} refused */
  refuse(refused) {
    this.failure = { refused };
  }

  /** @param {string} name */
  addFlag(name) {
    if (this.options.some((each) => each.name === name) && !REPEATABLE.includes(name)) {
      this.refuse(`the argument '${name}' cannot be used multiple times`);
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
 * Return whether an option is written.
 * @param {UvCommand} command
 * @param {string} name
 */
export const has = (command, name) => command.options.some((each) => each.name === name);

/**
 * Return the values of an option.
 * @param {UvCommand} command
 * @param {string} name
 */
export const values = (command, name) =>
  command.options.flatMap((each) =>
    each.name === name && each.value !== undefined ? [each.value] : [],
  );
