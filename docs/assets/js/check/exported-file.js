// @ts-check
// The file that a RUN with `uv export` writes. An export of the same packages is the same file, even
// if the project's version, a linter setting or an unrelated dependency has changed.

import { exportedContent } from "./installs.js";
import { layersFrom } from "./layers.js";
import { absolute } from "./paths.js";
import { readProject } from "./project.js";
import { projectRoot, runSettings } from "./run-settings.js";
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
  const root = projectRoot(instruction, above);
  if (!file || root === undefined) return undefined;
  const { project } = readProject(texts);
  const settings = { ...runSettings(instruction, root), grammar, python: "3" };
  const content = project && exportedContent(project, command, settings);
  const path = absolute(instruction.workdir, file);
  return content && { path, content: [content, ...otherLayers(above)] };
};

/**
 * Return the uv command of a script that runs nothing else.
 * @param {string} script
 * @param {OptionGrammar} grammar
 */
const onlyCommand = (script, grammar) => {
  const [words, ...others] = commands(script);
  return words && others.length === 0 ? readCommand(words, grammar) : undefined;
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
