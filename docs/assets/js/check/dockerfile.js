// @ts-check
// Dockerfiles: instructions, stages, and the variables that each instruction sees.

import { absolute, withoutSlash } from "./paths.js";
import { expand, jsonStrings, separateFlags, split } from "./words.js";

const PLATFORM_ARGUMENTS = ["BUILD", "TARGET"].flatMap((side) =>
  ["PLATFORM", "OS", "ARCH", "VARIANT"].map((part) => side + part),
);
const LONG_NAMES = new Map(
  Object.entries({
    src: "source",
    dst: "target",
    destination: "target",
    ro: "readonly",
    rw: "readwrite",
  }),
);
// A reason quotes what was not understood, which can be long.
const MAX_REASON = 200;
// Far beyond any Dockerfile. A larger text is something else, or an attempt to exhaust the memory.
const MAX_TEXT = 250_000;
const MAX_INSTRUCTIONS = 1000;
const MAX_INSTRUCTION = 20_000;
const MAX_VALUE = 50_000;
const DEFAULT_SHELL = ["/bin/sh", "-c"];
const KEYWORDS = new Set(
  [
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL",
    "STOPSIGNAL USER VOLUME WORKDIR",
  ].flatMap((line) => line.split(" ")),
);
// Jinja, which Cookiecutter and Ansible use.
const TEMPLATE = /^\{[%#{]/;
const HAS_HEREDOCS = new Set(["ADD", "COPY", "RUN"]);

/**
 * Read the text of a Dockerfile. What cannot be understood is listed in `problems`.
 * @param {string} text
 * @param {Readonly<Record<string, string>>} [buildArguments] The values of `--build-arg`.
 * @returns {Dockerfile}
 */
export const readDockerfile = (text, buildArguments = {}) => {
  if (text.length > MAX_TEXT) return refused(`The text has more than ${MAX_TEXT} characters`);
  const reader = new Reader(text, buildArguments);
  return reader.instructions.length > MAX_INSTRUCTIONS
    ? refused(`The text has more than ${MAX_INSTRUCTIONS} instructions`)
    : reader.read();
};

/** @param {string} reason @returns {Dockerfile} */
const refused = (reason) => ({ stages: [], problems: [{ line: 1, reason }] });

/**
 * Return the character that escapes others, which a comment at the beginning can change.
 * @param {string[]} lines
 */
const escapeToken = (lines) => {
  const end = lines.findIndex((line) => !/^#\s*\w+\s*=/.test(line.trimStart()));
  const directives = lines.slice(0, end < 0 ? lines.length : end);
  // \x60 is a backtick, which rjsmin would take for the start of a template literal.
  const values = directives.map((line) => /^\s*#\s*escape\s*=\s*([\\\x60])/i.exec(line)?.[1]);
  return values.find(Boolean) ?? "\\";
};

/** @param {string} line */
const isSkipped = (line) => /^\s*(?:#|$)/.test(line);

/** Reads the instructions and their heredocs, one after another. */
class Lines {
  at = 0;
  /** @type {DockerfileProblem[]} */
  problems = [];

  /** @param {string[]} lines @param {string} token */
  constructor(lines, token) {
    this.lines = lines;
    this.token = token;
    this.continuation = new RegExp(`(^|[^\\${token}])\\${token}[ \\t]*$`);
  }

  /** @returns {DockerfileInstruction[]} */
  instructions() {
    const result = [];
    for (; this.at < this.lines.length; this.at += 1) {
      if (!isSkipped(this.lines[this.at])) result.push(this.instruction());
    }
    return result;
  }

  /** @returns {DockerfileInstruction} */
  instruction() {
    const line = this.at + 1;
    const [, written, text] = /^\s*(\S+)(.*)$/s.exec(this.command()) ?? ["", "", ""];
    const keyword = written.toUpperCase();
    const { flags, rest } = separateFlags(text, this.token);
    const strings = jsonStrings(rest);
    const heredocs = HAS_HEREDOCS.has(keyword) ? this.heredocs(rest, line) : [];
    return {
      keyword,
      line,
      lastLine: Math.min(this.at + 1, this.lines.length),
      text: `${keyword} ${text}`.replace(/\s+/g, " ").trim(),
      flags,
      command: rest,
      isExec: strings !== undefined,
      words: strings ?? (rest === "" ? [] : rest.split(/\s+/)),
      heredocs,
      script: heredocs.length === 1 && split(rest).length === 1 ? heredocs[0].content : rest,
      mounts: [],
      assignments: [],
      environment: new Map(),
      workdir: "/",
      user: "",
      shell: DEFAULT_SHELL,
    };
  }

  /** Join the lines of an instruction, without comments and empty lines. */
  command() {
    let result = "";
    for (let isFirst = true; ; this.at += 1) {
      const line = this.lines[this.at];
      const isLeftOut = isSkipped(line) && !isFirst;
      if (!isLeftOut) result += line.replace(this.continuation, "$1");
      isFirst = false;
      const continues = isLeftOut || this.continuation.test(line);
      if (!continues || this.at === this.lines.length - 1) return result;
    }
  }

  /** @param {string} command @param {number} line @returns {DockerfileHeredoc[]} */
  heredocs(command, line) {
    const words = split(command.replace(/(<<-?)[ \t]+(?=[^\s<])/g, "$1"), this.token);
    const marks = words.flatMap((word) => {
      const mark = /^\d*<<(-?)([^<]+)$/.exec(word);
      return mark ? [mark] : [];
    });
    return marks.map(([, dash, word]) => {
      const name = word.replace(/["']/g, "");
      let content = "";
      for (this.at += 1; this.at < this.lines.length; this.at += 1) {
        const line = this.lines[this.at];
        const shown = dash ? line.replace(/^\t+/, "") : line;
        if (shown === name) break;
        content += `${shown}\n`;
      }
      if (this.at >= this.lines.length) {
        this.problems.push({ line, reason: `${name} ends no line below` });
      }
      return { name, content, expands: name === word };
    });
  }
}

class Reader {
  /** @param {string} text @param {Readonly<Record<string, string>>} buildArguments */
  constructor(text, buildArguments) {
    const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
    this.token = escapeToken(lines);
    const reader = new Lines(lines, this.token);
    this.instructions = reader.instructions();
    this.problems = reader.problems;
    this.buildArguments = new Map(Object.entries(buildArguments));
    /** @type {DockerfileStage[]} */
    this.stages = [];
    /** @type {Map<string, string>} */
    this.globals = new Map(PLATFORM_ARGUMENTS.map((name) => [name, `$${name}`]));
    this.isTemplate = false;
    /** The stage that the next instruction belongs to. */
    this.scope = {
      environment: new Map(this.globals),
      workdir: "/",
      user: "",
      shell: DEFAULT_SHELL,
    };
  }

  /** @returns {Dockerfile} */
  read() {
    for (const instruction of this.instructions) this.readInstruction(instruction);
    if (this.stages.length === 0) this.problems.push({ line: 1, reason: "No FROM starts a stage" });
    return { stages: this.stages, problems: this.problems };
  }

  /** @param {DockerfileInstruction} instruction */
  readInstruction(instruction) {
    const { keyword } = instruction;
    if (instruction.text.length > MAX_INSTRUCTION) {
      this.report(instruction, `the instruction has more than ${MAX_INSTRUCTION} characters`);
    } else if (TEMPLATE.test(keyword)) {
      if (!this.isTemplate) this.report(instruction, "the lines of the template are left out");
      this.isTemplate = true;
    } else if (!KEYWORDS.has(keyword)) this.report(instruction, `${keyword} is no instruction`);
    else if (keyword === "FROM") this.startStage(instruction);
    else if (this.stages.length > 0) this.readInStage(instruction);
    else if (keyword === "ARG") this.readArguments(instruction, this.globals);
    else this.report(instruction, `${keyword} is above the first FROM`);
  }

  /** @param {DockerfileInstruction} instruction @param {string} reason */
  report({ line }, reason) {
    this.problems.push({ line, reason: reason.slice(0, MAX_REASON) });
  }

  /**
   * @param {DockerfileInstruction} instruction
   * @param {string} text
   * @param {import("./words.js").Variables} [variables]
   * @param {boolean} [keepsQuotes]
   */
  expand(instruction, text, variables = this.scope.environment, keepsQuotes = false) {
    try {
      const value = expand(text, variables, { token: this.token, keepsQuotes });
      if (value.length <= MAX_VALUE) return value;
      this.report(instruction, `a value has more than ${MAX_VALUE} characters`);
      return text;
    } catch (error) {
      this.report(instruction, error instanceof Error ? error.message : String(error));
      return text;
    }
  }

  /** @param {DockerfileInstruction} instruction */
  startStage(instruction) {
    const words = instruction.words.map((word) => this.expand(instruction, word, this.globals));
    const flags = new Map(instruction.flags);
    const [base = "", as = "", name] = words;
    if (base === "") this.report(instruction, "FROM names no image");
    if (words.length > 1 && (as.toUpperCase() !== "AS" || words.length !== 3)) {
      this.report(instruction, "FROM takes an image, or an image and `AS name`");
    }
    const baseStage = this.named(base);
    const inherited = baseStage === undefined ? undefined : this.stages[baseStage].end;
    this.scope = inherited
      ? { ...inherited, environment: new Map(inherited.environment) }
      : { environment: new Map(), workdir: "/", user: "", shell: DEFAULT_SHELL };
    this.stages.push({
      number: this.stages.length,
      name: name?.toLowerCase() ?? `stage-${this.stages.length}`,
      isNamed: name !== undefined,
      base,
      baseStage,
      platform: this.expand(instruction, flags.get("platform") ?? "", this.globals),
      start: instruction,
      instructions: [],
      uses: baseStage === undefined ? [] : [baseStage],
      end: this.scope,
    });
  }

  /** @param {string} name @returns {number | undefined} The number of the last stage so named. */
  named(name) {
    const index = this.stages.findLastIndex(
      (stage) => stage.isNamed && stage.name === name.toLowerCase(),
    );
    return index < 0 ? undefined : index;
  }

  /** @param {DockerfileInstruction} instruction */
  readInStage(instruction) {
    const stage = this.stages[this.stages.length - 1];
    const { environment, workdir, user, shell } = this.scope;
    Object.assign(instruction, { environment: new Map(environment), workdir, user, shell });
    READERS[instruction.keyword]?.(this, instruction, stage);
    stage.instructions.push(instruction);
    stage.end = this.scope;
  }

  /**
   * @param {DockerfileInstruction} instruction
   * @param {Map<string, string>} variables
   */
  readArguments(instruction, variables) {
    for (const word of split(instruction.command, this.token)) {
      const [name, value] = word.split(/=(.*)/s);
      const set =
        this.buildArguments.get(name) ??
        (value === undefined ? this.globals.get(name) : this.expand(instruction, value, variables));
      instruction.assignments.push([name, set]);
      if (set !== undefined) assign(variables, name, set);
    }
  }

  /**
   * Resolve the stage or image that an instruction takes files from.
   * @param {DockerfileInstruction} instruction
   * @param {DockerfileStage} stage
   * @param {string} origin
   * @param {boolean} [byNumber]
   * @returns {DockerfileOrigin}
   */
  origin(instruction, stage, origin, byNumber = false) {
    const isNumber = byNumber && /^\d+$/.test(origin);
    const number = isNumber ? Number(origin) : this.named(origin);
    if (number !== undefined && number < stage.number) {
      stage.uses.push(number);
      return { stage: number };
    }
    const isLater = this.instructions.some(({ keyword, words }) => {
      return keyword === "FROM" && words[2]?.toLowerCase() === origin.toLowerCase();
    });
    if (isNumber || isLater) this.report(instruction, `no stage ${origin} ends above this line`);
    return { image: origin };
  }
}

/**
 * What the instructions of a stage change, and what they take from other stages.
 * @type {Record<string, (
 *   reader: Reader, instruction: DockerfileInstruction, stage: DockerfileStage
 * ) => void>}
 */
const READERS = {
  ARG: (reader, instruction) => reader.readArguments(instruction, reader.scope.environment),
  ENV: (reader, instruction) => {
    const words = split(instruction.command, reader.token);
    const isOld = words[0]?.includes("=") === false;
    const pairs = isOld
      ? [instruction.command.split(/\s+(.*)/s)]
      : words.map((word) => word.split(/=(.*)/s));
    // All values see the variables from before the instruction.
    const before = new Map(reader.scope.environment);
    for (const [name, value = ""] of pairs) {
      const set = reader.expand(instruction, value, before);
      instruction.assignments.push([name, set]);
      assign(reader.scope.environment, name, set);
    }
  },
  SHELL: (reader, instruction) => {
    reader.scope.shell = instruction.words;
  },
  USER: (reader, instruction) => {
    reader.scope.user = reader.expand(instruction, instruction.command);
  },
  WORKDIR: (reader, instruction) => {
    const path = reader.expand(instruction, instruction.command);
    reader.scope.workdir = withoutSlash(absolute(reader.scope.workdir, path));
    instruction.workdir = reader.scope.workdir;
  },
  RUN: (reader, instruction, stage) => {
    instruction.mounts = instruction.flags
      .filter(([name]) => name === "mount")
      .map(([, value]) => readMount(reader, instruction, stage, value));
  },
  COPY: (reader, instruction, stage) => {
    expandWords(reader, instruction);
    const from = instruction.flags.find(([name]) => name === "from")?.[1];
    if (from !== undefined) instruction.origin = reader.origin(instruction, stage, from, true);
  },
  ADD: (reader, instruction) => expandWords(reader, instruction),
};

/** @param {Reader} reader @param {DockerfileInstruction} instruction */
const expandWords = (reader, instruction) => {
  instruction.words = instruction.words.map((word) => reader.expand(instruction, word));
  instruction.flags = instruction.flags.map(([name, value]) => [
    name,
    name === "from" ? value : reader.expand(instruction, value),
  ]);
  instruction.heredocs = instruction.heredocs.map((heredoc) => ({
    ...heredoc,
    content: heredoc.expands
      ? reader.expand(instruction, heredoc.content, instruction.environment, true)
      : heredoc.content,
  }));
};

/**
 * @param {Reader} reader
 * @param {DockerfileInstruction} instruction
 * @param {DockerfileStage} stage
 * @param {string} text
 * @returns {DockerfileMount}
 */
const readMount = (reader, instruction, stage, text) => {
  /** @type {Record<string, string>} */
  const options = {};
  for (const field of text.split(",")) {
    const [key, value] = field.split(/=(.*)/s);
    const short = key.trim().toLowerCase();
    const name = LONG_NAMES.get(short) ?? short;
    options[name] =
      value === undefined ? "true" : name === "from" ? value : reader.expand(instruction, value);
  }
  const type = (options.type ?? "bind").toLowerCase();
  const target = withoutSlash(absolute(instruction.workdir, options.target ?? ""));
  const origin =
    options.from === undefined ? undefined : reader.origin(instruction, stage, options.from);
  return { type, target, options, origin };
};

/**
 * Set a variable. BuildKit orders variables by when they were last set.
 * @param {Map<string, string>} variables
 * @param {string} name
 * @param {string} value
 */
const assign = (variables, name, value) => {
  variables.delete(name);
  variables.set(name, value);
};

/**
 * Return the stages that a build of `target` needs, in file order.
 * @param {Dockerfile} dockerfile
 * @param {string} [target] The name of a stage. The last one is the default.
 */
export const neededStages = ({ stages }, target) => {
  const wanted = target
    ? stages.findLast((stage) => stage.isNamed && stage.name === target.toLowerCase())
    : stages.at(-1);
  const needed = new Set(wanted ? [wanted.number] : []);
  for (const stage of [...stages].reverse()) {
    if (!needed.has(stage.number)) continue;
    for (const number of stage.uses) needed.add(number);
  }
  return stages.filter((stage) => needed.has(stage.number));
};
