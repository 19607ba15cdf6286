// @ts-check
// What rules read: the stages, commands and start of the image, and the project's files.

import { lineage } from "./base-images.js";
import { commandsOf, composeServices } from "./compose-services.js";
import { neededStages, readDockerfile } from "./dockerfile.js";
import { copiedEnvironment } from "./environments.js";
import { absolute, clean, isWithin, withoutSlash } from "./paths.js";
import { readPyproject } from "./pyproject-tables.js";
import { execCommands, programName, runCommands, scriptCommands } from "./shell-commands.js";
import { djangoCommand } from "./start-commands.js";
import { isInstall, targetOf, uvCall } from "./uv-calls.js";
import { readArguments } from "./uv-command.js";

const DEVELOPMENT =
  /(?:^|[-_.])(?:dev(?:el(?:opment)?)?|local|tests?|testing|e2e|ci|debug|devcontainer)(?:[-_.]|$)/;
const DEVELOPMENT_FOLDER =
  /^\.?(?:dev(?:el(?:opment)?)?|local|tests?|testing|ci|debug|devcontainer)$/;
const PRODUCTION = /(?:^|[-_])(?:prod(?:uction)?|runtime|final|release|app|web)(?:[-_]|$)/;
// Images without a CMD often have this script for what starts the container.
const START = "/start";
const RUNS_ARGUMENTS = /^\s*(?:exec\s+)?(?:gosu\s+\S+\s+)?"\$@"\s*$/m;
const SCRIPT = /\.sh$|(?:^|\/)(?:docker-)?(?:entrypoint|start|run|boot)[^/]*$/;

/**
 * Return what rules read, or undefined if the Dockerfile has no stage.
 * @param {CheckInput} input
 * @returns {CheckedProject | undefined}
 */
export const checkedProject = (input) => {
  const dockerfile = readDockerfile(input.dockerfile, input.buildArguments);
  const target = input.target ?? productionStage(dockerfile);
  const stages = neededStages(dockerfile, target);
  const shipped = stages.at(-1);
  if (!shipped) return undefined;
  const image = instructionsOf(dockerfile, shipped);
  /** @param {ShellCommand[]} commands */
  const withUv = (commands) =>
    commands.map((each) => ({ ...each, uv: readArguments(each.words, input.grammar) }));
  const written = stages.flatMap((stage) =>
    stage.instructions
      .filter(({ keyword }) => keyword === "RUN")
      .flatMap((instruction) => runCommands(stage, instruction)),
  );
  const commands = withUv(written);
  const start = containerStart(input, dockerfile, shipped);
  const uv = commands.flatMap((command) => uvCall(command) ?? []);
  const pyprojectFile = projectFile(input, stages);
  /** @type {CheckedProject} */
  const project = {
    input,
    documents: documentsOf(input),
    withUv,
    lines: input.dockerfile.split(/\r?\n/),
    dockerfile,
    stages,
    shipped,
    image,
    isDevelopment: DEVELOPMENT.test(shipped.name) || isForDevelopment(input),
    commands,
    uv,
    installs: uv.filter(isInstall).map((call) => {
      const path = targetOf(call);
      const isKept = !isInCacheMount(call, path);
      const ships = isKept && isShipped(dockerfile, shipped, call.stage, path);
      return { ...call, target: path, ships };
    }),
    start: { ...start, commands: withUv(start.commands) },
    pyprojectFile,
    pyproject: readPyproject(input.texts?.[pyprojectFile]),
  };
  if (!start.command && (!start.entrypoint || start.needsArguments)) {
    project.start.commands.push(...withUv(composeScripts(project)));
  }
  return { ...project, isDevelopment: project.isDevelopment || isStartedForDevelopment(project) };
};

/** @param {CheckInput} input */
const documentsOf = ({ texts = {}, yaml }) => {
  /** @type {Map<string, YamlNode>} */
  const documents = new Map();
  for (const [path, text] of Object.entries(texts)) {
    const document = /\.ya?ml$/.test(path) ? yaml?.read(text) : undefined;
    if (document) documents.set(path, document);
  }
  return documents;
};

/**
 * Return the commands of the first script that a compose file starts in an image that starts
 * nothing by itself.
 * @param {CheckedProject} project
 */
const composeScripts = (project) => {
  const { input, shipped } = project;
  /** @type {ContainerStart} */
  const start = { commands: [] };
  const services = composeServices(project).filter(({ isDevelopment }) => !isDevelopment);
  for (const { words, instruction } of services.flatMap((each) => commandsOf(project, each))) {
    const script = scriptOf(words);
    if (script && start.commands.length === 0) {
      addScript(start, input, instruction, shipped, script);
    }
  }
  return start.commands;
};

/**
 * Compose starts the development server in an image that starts nothing by itself.
 * @param {CheckedProject} project
 */
const isStartedForDevelopment = (project) =>
  !project.start.entrypoint &&
  !project.start.command &&
  composeServices(project).some((service) =>
    commandsOf(project, service).some((command) => djangoCommand(command) === "runserver"),
  );

/** The path of the Dockerfile can say that it is for development. @param {CheckInput} input */
const isForDevelopment = ({ context = "", path = "" }) => {
  const names = clean(`${context}/${path}`).toLowerCase().split("/");
  const file = names.pop() ?? "";
  return DEVELOPMENT.test(file) || names.some((name) => DEVELOPMENT_FOLDER.test(name));
};

/** What is in a cache mount is not in the image. @param {UvCall} call @param {string} path */
export const isInCacheMount = ({ instruction }, path) =>
  instruction.mounts.some(({ type, target }) => type === "cache" && isWithin(path, target));

/**
 * The last stage can be one for development, while an earlier one is built for production.
 * @param {Dockerfile} dockerfile
 */
const productionStage = ({ stages }) => {
  if (!DEVELOPMENT.test(stages.at(-1)?.name ?? "")) return undefined;
  return stages.findLast(
    ({ name, isNamed }) => isNamed && PRODUCTION.test(name) && !DEVELOPMENT.test(name),
  )?.name;
};

/**
 * Return the instructions of a stage and of those that it starts from.
 * @param {Dockerfile} dockerfile
 * @param {DockerfileStage} stage
 */
export const instructionsOf = (dockerfile, stage) =>
  lineage(dockerfile, stage).flatMap(({ instructions }) => instructions);

/**
 * Return whether the shipped stage has what a stage installs at a path: it starts from that stage,
 * or copies the path from a stage that has it.
 * @param {Dockerfile} dockerfile
 * @param {DockerfileStage} shipped
 * @param {DockerfileStage} stage
 * @param {string} path
 * @returns {boolean}
 */
export const isShipped = (dockerfile, shipped, stage, path) =>
  lineage(dockerfile, shipped).some(
    (each) =>
      each === stage ||
      each.instructions.some(
        (instruction) =>
          copies(instruction, path) &&
          isShipped(dockerfile, originStage(dockerfile, instruction), stage, path),
      ),
  );

/**
 * Return the stage that a COPY with `--from` copies from.
 * @param {Dockerfile} dockerfile
 * @param {DockerfileInstruction} copy
 */
export const originStage = ({ stages }, { origin }) => stages[origin?.stage ?? 0];

/** @param {DockerfileInstruction} instruction @param {string} path */
const copies = ({ keyword, origin, words }, path) =>
  keyword === "COPY" &&
  origin?.stage !== undefined &&
  words
    .slice(0, -1)
    .map((word) => withoutSlash(absolute("/", word)))
    .some((source) => copiedEnvironment(path, source, "/") !== undefined);

/**
 * @param {CheckInput} input
 * @param {Dockerfile} dockerfile
 * @param {DockerfileStage} shipped
 * @returns {ContainerStart}
 */
const containerStart = (input, dockerfile, shipped) => {
  /** @type {DockerfileInstruction | undefined} */
  let entrypoint;
  /** @type {DockerfileInstruction | undefined} */
  let command;
  for (const { instructions } of lineage(dockerfile, shipped)) {
    const own = (/** @type {string} */ name) =>
      instructions.findLast(({ keyword }) => keyword === name);
    const newEntrypoint = own("ENTRYPOINT");
    // An ENTRYPOINT removes the CMD of the image below it.
    command = own("CMD") ?? (newEntrypoint ? undefined : command);
    entrypoint = newEntrypoint ?? entrypoint;
  }
  /** @type {ContainerStart} */
  const start = { entrypoint, command, commands: [] };
  for (const instruction of [entrypoint, command]) {
    if (instruction) addStart(start, input, atEnd(instruction, shipped), shipped);
  }
  if (entrypoint && start.needsArguments && !command && copyTo(shipped, START)) {
    addScript(start, input, atEnd(entrypoint, shipped), shipped, START);
  }
  return start;
};

/**
 * Return the path of the project's pyproject.toml, which the Dockerfile can copy from a folder.
 * @param {CheckInput} input
 * @param {DockerfileStage[]} stages
 */
const projectFile = ({ texts = {} }, stages) => {
  const name = "pyproject.toml";
  if (name in texts) return name;
  const words = stages.flatMap(({ instructions }) =>
    instructions
      .filter(({ keyword, origin }) => keyword === "COPY" && !origin)
      .flatMap((instruction) => instruction.words.slice(0, -1)),
  );
  const copied = new Set(words.map(clean).filter((path) => path.endsWith(`/${name}`)));
  return [...copied].find((path) => path in texts && copied.size === 1) ?? name;
};

/** @param {DockerfileInstruction} instruction @param {DockerfileStage} shipped */
const atEnd = (instruction, shipped) => ({
  ...instruction,
  environment: shipped.end.environment,
  workdir: shipped.end.workdir,
  user: shipped.end.user,
});

/**
 * @param {ContainerStart} start
 * @param {CheckInput} input
 * @param {DockerfileInstruction} instruction
 * @param {DockerfileStage} stage
 */
const addStart = (start, input, instruction, stage) => {
  const list = instruction.isExec
    ? execCommands(stage, instruction, instruction.words)
    : scriptCommands(stage, instruction, instruction.command);
  for (const command of list) {
    const script = scriptOf(command.words);
    if (script) addCalledScript(start, input, command, script);
    else start.commands.push(command);
  }
};

/**
 * Add the commands of a script, and the command that the script gets as its arguments.
 * @param {ContainerStart} start
 * @param {CheckInput} input
 * @param {ShellCommand} command
 * @param {string} script
 */
const addCalledScript = (start, input, { words, instruction, stage }, script) => {
  const text = addScript(start, input, instruction, stage, script);
  if (text === undefined) start.hiddenScript = script;
  else if (RUNS_ARGUMENTS.test(text)) {
    const rest = words.slice(words.indexOf(script) + 1);
    start.commands.push(...execCommands(stage, instruction, rest));
    start.needsArguments = rest.length === 0;
  }
};

/**
 * Add the commands of a script. Return its text, if that is known.
 * @param {ContainerStart} start
 * @param {CheckInput} input
 * @param {DockerfileInstruction} instruction
 * @param {DockerfileStage} stage
 * @param {string} script
 */
const addScript = (start, input, instruction, stage, script) => {
  const found = textOf(input, stage, script);
  if (!found) return undefined;
  const inner = scriptCommands(stage, instruction, found.text);
  start.commands.push(...inner.map((each) => ({ ...each, file: found.file })));
  return found.text;
};

/** Return the instruction that copies a single file to a path. @param {DockerfileStage} stage @param {string} path */
const copyTo = ({ instructions }, path) =>
  instructions.find(
    ({ keyword, origin, words }) =>
      keyword === "COPY" && !origin && words.length === 2 && words[1] === path,
  );

/** Return the path of a start script among the words. @param {string[]} words */
export const scriptOf = ([first = "", second = ""]) => {
  if (/^(?:sh|bash|ash|source|\.)$/.test(programName(first))) {
    return second.endsWith("/bin/activate") ? undefined : second || undefined;
  }
  return SCRIPT.test(first) && first.includes("/")
    ? first
    : first.endsWith(".sh")
      ? first
      : undefined;
};

/**
 * @param {CheckInput} input
 * @param {DockerfileStage} stage
 * @param {string} script
 * @returns {{ file?: string, text: string } | undefined}
 */
const textOf = (input, stage, script) => {
  const name = programName(script);
  for (const { heredocs, keyword, words } of stage.instructions) {
    if (keyword === "COPY" && heredocs.length === 1 && words.at(-1)?.endsWith(script)) {
      return { text: heredocs[0].content };
    }
  }
  const copied = copyTo(stage, script);
  const source = clean(copied?.words[0] ?? script);
  if (input.texts?.[source] !== undefined) return { file: source, text: input.texts[source] };
  const files = Object.keys(input.texts ?? {}).filter((path) => programName(path) === name);
  return files.length === 1 ? { file: files[0], text: input.texts?.[files[0]] ?? "" } : undefined;
};
