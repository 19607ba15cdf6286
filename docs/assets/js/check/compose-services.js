// @ts-check
// The services of compose files that are built from the Dockerfile.

import { COMPOSE_FILE } from "./file-names.js";
import { atCommand, firstOnEachLine } from "./line-edits.js";
import { clean, parent } from "./paths.js";
import { unquoted } from "./shell.js";
import { execCommands } from "./shell-commands.js";
import { djangoCommand, isServer } from "./start-commands.js";
import { split } from "./words.js";
import { entry, textOf, textsOf, valueAt, variablesOf } from "./yaml-values.js";

const FOR_DEVELOPMENT = /(?:dev|local|override|test)[^/]*\.ya?ml$/;
const DEVELOPMENT_STAGE = /dev|test/;

/**
 * Return the services that are built from the Dockerfile.
 * @param {CheckedProject} project
 * @returns {ComposeService[]}
 */
export const composeServices = (project) =>
  [...project.documents]
    .filter(([file]) => COMPOSE_FILE.test(file))
    .flatMap(([file, document]) =>
      [...(valueAt(document, "services")?.entries ?? [])]
        .filter(([, { node }]) => isBuiltFrom(project, file, valueAt(node, "build")))
        .map(([name, { node }]) => ({
          file,
          name,
          node,
          isDevelopment: isForDevelopment(file, node),
        })),
    );

/** @param {string} file @param {YamlNode} node The service. */
const isForDevelopment = (file, node) =>
  FOR_DEVELOPMENT.test(file) ||
  DEVELOPMENT_STAGE.test(textOf(valueAt(node, "build", "target"))) ||
  textsOf(valueAt(node, "profiles")).some((each) => DEVELOPMENT_STAGE.test(each));

/**
 * Return the services with images of others in the files that start the checked image in production.
 * @param {CheckedProject} project
 */
export const servicesOfOthers = (project) => {
  const own = composeServices(project).filter(({ isDevelopment }) => !isDevelopment);
  const files = new Set(project.isDevelopment ? [] : own.map(({ file }) => file));
  return [...files].flatMap((file) => {
    const services = [...(valueAt(project.documents.get(file), "services")?.entries ?? [])];
    // A service without a build can start an image that another service builds.
    const built = services.filter(([, { node }]) => entry(node, "build"));
    const names = new Set(built.map(([, { node }]) => textOf(valueAt(node, "image"))));
    return services.flatMap(([name, { node }]) => {
      const image = entry(node, "image");
      const isOther = image?.node.text && !entry(node, "build") && !names.has(image.node.text);
      return isOther && !isForDevelopment(file, node) ? [{ file, name, node, image }] : [];
    });
  });
};

/**
 * Return the folder of the build context and the path of the Dockerfile, from the folder that
 * `file` is relative to.
 * @param {string} file
 * @param {YamlNode} build
 */
export const builtFrom = (file, build) => {
  const context = clean(
    `${parent(file)}/${build.text ?? (textOf(valueAt(build, "context")) || ".")}`,
  );
  const dockerfile = textOf(valueAt(build, "dockerfile")) || "Dockerfile";
  return { context, dockerfile: clean(`${context}/${dockerfile}`) };
};

/** @param {CheckedProject} project @param {string} file @param {YamlNode} [build] */
const isBuiltFrom = ({ input }, file, build) => {
  if (!build || (build.text === undefined && !build.entries)) return false;
  const { context = "", path = "Dockerfile", files } = input;
  const { dockerfile } = builtFrom(clean(`${context}/${file}`), build);
  const own = clean(`${context}/${path}`);
  // The folders are unknown if the files were pasted.
  return files === undefined ? name(dockerfile) === name(own) : dockerfile === own;
};

/** @param {string} path */
const name = (path) => path.split("/").at(-1);

/**
 * Return the commands that a service starts instead of those of the image.
 * @param {CheckedProject} project
 * @param {Pick<ComposeService, "node">} service
 * @returns {(ShellCommand & { entry: YamlEntry })[]}
 */
export const commandsOf = (project, { node }) => {
  const { shipped } = project;
  const environment = new Map([
    ...shipped.end.environment,
    ...variablesOf(valueAt(node, "environment")),
  ]);
  const instruction = { ...shipped.start, ...shipped.end, environment };
  return ["entrypoint", "command"].flatMap((key) => {
    const found = entry(node, key);
    if (!found) return [];
    const { text } = found.node;
    const words = text === undefined ? textsOf(found.node) : split(text).map(unquoted);
    return project
      .withUv(execCommands(shipped, instruction, words))
      .map((command) => ({ ...command, entry: found }));
  });
};

/**
 * Return what a function finds in the services for production. Services can share a line.
 * @param {CheckedProject} project
 * @param {(service: ComposeService) => RuleFinding[]} find
 */
export const inProduction = (project, find) =>
  project.isDevelopment
    ? []
    : firstOnEachLine(
        composeServices(project)
          .filter(({ node, isDevelopment }) => !isDevelopment && isShippedBy(project, node))
          .flatMap(find),
      );

/** Whether a service has the checked stage, and not another one. @param {CheckedProject} project @param {YamlNode} node */
const isShippedBy = ({ dockerfile, shipped }, node) => {
  const target = textOf(valueAt(node, "build", "target")).toLowerCase();
  return target === shipped.name || !dockerfile.stages.some(({ name }) => name === target);
};

/**
 * Return the same finding for commands of the services that start a server in production.
 * @param {CheckedProject} project
 * @param {(command: ShellCommand, index: number, all: ShellCommand[]) => boolean} isFound
 * @param {(command: ShellCommand) => string} message
 */
export const inServices = (project, isFound, message) =>
  inProduction(project, (service) => {
    const commands = commandsOf(project, service);
    const isStarted = commands.some(
      (each) => isServer(each) || djangoCommand(each) === "runserver",
    );
    return (isStarted ? commands.filter(isFound) : []).map((command) => ({
      ...markOf(service, command),
      message: message(command),
    }));
  });

/**
 * Return the same finding for a Django command that containers run before their server starts.
 * @param {CheckedProject} project
 * @param {string} name Such as "migrate".
 * @param {string} message
 */
export const djangoAtStart = (project, name, message) => [
  ...(project.isDevelopment ? [] : project.start.commands)
    .filter((command) => djangoCommand(command) === name && !command.isConditional)
    .slice(0, 1)
    .map((command) => ({
      ...atCommand(project, command, new RegExp(`\\b${name}\\b`)),
      message,
    })),
  ...inServices(
    project,
    (command) => djangoCommand(command) === name,
    () => message,
  ),
];

/** @param {ComposeService} service @param {{ entry: YamlEntry }} command */
export const markOf = ({ file }, { entry: { line, node } }) => ({
  file,
  line,
  lastLine: node.lastLine,
});
