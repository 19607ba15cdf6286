// @ts-check
// The file that a RUN with `uv export` writes.

import { exportContent, readExport } from "./exported-packages.js";
import { layersFrom } from "./layers.js";
import { absolute, clean, isWithin, withoutSlash } from "./paths.js";
import { call, commands } from "./shell.js";

const PROJECT_FILES = ["pyproject.toml", "uv.lock"];

/**
 * Return the path of the exported file and what its content depends on. Return undefined if the
 * instruction does anything else, or if the files of the project are unknown.
 * @param {DockerfileInstruction} instruction
 * @param {Layer} above
 * @param {Readonly<Record<string, string>>} texts
 * @returns {{ path: string, content: unknown } | undefined}
 */
export const exportedFile = (instruction, above, texts) => {
  const { words, variables } = onlyCommand(instruction.script);
  if (words[0]?.split("/").at(-1) !== "uv") return undefined;
  const options = readExport(words.slice(1));
  const file = value(options, "-o", "--output-file", ">");
  if (!options || !file) return undefined;
  const folder = value(options, "--directory", "--project") ?? ".";
  const project = withoutSlash(absolute(instruction.workdir, folder));
  const [pyproject, lockfile] = PROJECT_FILES.map(
    (name) => texts[contextPath(`${project}/${name}`, instruction.mounts, above) ?? ""],
  );
  if (pyproject === undefined || lockfile === undefined) return undefined;
  const environment = new Map([...instruction.environment, ...variables]);
  const packages = exportContent(pyproject, lockfile, options, environment);
  if (packages === undefined) return undefined;
  const content = [packages, ...otherLayers(above)];
  return { path: absolute(instruction.workdir, file), content };
};

/** @param {ReadonlyMap<string, string[]> | undefined} options @param {string[]} names */
const value = (options, ...names) => names.flatMap((name) => options?.get(name) ?? []).at(-1);

/**
 * Return the only command of a script. What follows `||` runs only if the command fails.
 * @param {string} script
 */
const onlyCommand = (script) => {
  const [attempt] = script.split("||");
  const all = commands(attempt).map(call);
  return all.length === 1 ? all[0] : { words: [], variables: new Map() };
};

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
