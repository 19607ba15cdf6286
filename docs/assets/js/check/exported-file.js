// @ts-check
// The file that a RUN with `uv export` writes. An export of the same packages is the same file, even
// if the project's version, a linter setting or an unrelated dependency has changed.

import { exportedContent, readProject } from "./installs.js";
import { layersFrom } from "./layers.js";
import { absolute, clean, isWithin, withoutSlash } from "./paths.js";
import { commands } from "./shell.js";
import { readCommand, values } from "./uv-command.js";

const PROJECT_FILES = ["pyproject.toml", "uv.lock"];

/**
 * Return the path of the exported file and what its content depends on. Return undefined if the
 * instruction does anything else, or if the files of the project are unknown.
 * @param {DockerfileInstruction} instruction
 * @param {Layer} above
 * @param {BuildInput} input
 * @returns {{ path: string, content: unknown } | undefined}
 */
export const exportedFile = (instruction, above, { texts = {}, grammar }) => {
  const command = grammar && onlyCommand(instruction.script, grammar);
  const file = command && (values(command, "--output-file").at(-1) ?? command.output);
  if (!file) return undefined;
  const { workdir, mounts, environment } = instruction;
  const folder = ["--project", "--directory"].flatMap((name) => values(command, name))[0] ?? ".";
  const root = withoutSlash(absolute(workdir, folder));
  const { project } = readProject(projectFiles(root, mounts, above, texts));
  const variables = Object.fromEntries(environment);
  const settings = { grammar, python: "3", variables, root };
  const content = project && exportedContent(project, command, settings);
  return content && { path: absolute(workdir, file), content: [content, ...otherLayers(above)] };
};

/**
 * Return the uv command of a script that runs nothing else. What follows `||` runs only if the
 * command fails.
 * @param {string} script
 * @param {OptionGrammar} grammar
 */
const onlyCommand = (script, grammar) => {
  const [words, ...others] = commands(script.split("||")[0]);
  return words && others.length === 0 ? readCommand(words, grammar) : undefined;
};

/**
 * @param {string} root
 * @param {DockerfileMount[]} mounts
 * @param {Layer} above
 * @param {Readonly<Record<string, string>>} texts
 */
const projectFiles = (root, mounts, above, texts) =>
  Object.fromEntries(
    PROJECT_FILES.flatMap((name) => {
      const text = texts[contextPath(`${root}/${name}`, mounts, above) ?? ""];
      return text === undefined ? [] : [[name, text]];
    }),
  );

/**
 * Return the path in the build context of a file that is mounted or copied to a path.
 * @param {string} path
 * @param {DockerfileMount[]} mounts
 * @param {Layer} above
 */
const contextPath = (path, mounts, above) => {
  const mount = mounts.find(
    ({ type, target, origin }) => type === "bind" && !origin && isWithin(path, target),
  );
  if (mount) return clean(`${mount.options.source ?? ""}${path.slice(mount.target.length)}`);
  const files = layersFrom(above).flatMap((layer) => layer.files ?? []);
  return files.find(({ name }) => name === path)?.path;
};

/**
 * Return what the layers contain, apart from the copied files of the project. They have uv itself.
 * @param {Layer} above
 */
const otherLayers = (above) =>
  layersFrom(above)
    .filter((layer) => !layer.files?.every(({ path }) => isProjectFile(path)))
    .map((layer) =>
      layer.step ? [layer.operation, layer.sources.map(({ key }) => key)] : layer.key,
    );

/** @param {string} path */
const isProjectFile = (path) => PROJECT_FILES.includes(path.split("/").at(-1) ?? "");
