// @ts-check
// What each stage of a Dockerfile has installed, and which uv commands installed it.

import { layersOf } from "./build-steps.js";
import { copiedEnvironment } from "./environments.js";
import { emptyState, merged, runAll } from "./installs.js";
import { imageVersion } from "./interpreter.js";
import { absolute, isWithin, withoutSlash } from "./paths.js";
import { readProject } from "./project.js";
import { projectRoot, runSettings } from "./run-settings.js";
import { commands } from "./shell.js";

/**
 * Return what each stage has installed, or the problem with pyproject.toml or uv.lock.
 * @param {BuildInput & { grammar: OptionGrammar }} input
 * @param {{ python: string, platform?: string }} defaults What the base images have, unless their
 *   names say it.
 * @returns {{ stages: StageInstalls[], problem?: string }}
 */
export const installsOfStages = (input, defaults) => {
  const { project, problem } = readProject(input.texts ?? {});
  if (!project) return { stages: [], problem };
  const { dockerfile, above } = layersOf(input);
  const reader = new Reader(dockerfile, above, project, { ...defaults, grammar: input.grammar });
  const shipped = dockerfile.stages.findLast(
    ({ isNamed, name }) => !input.target || (isNamed && name === input.target.toLowerCase()),
  );
  return {
    stages: dockerfile.stages.map((stage) => ({
      ...reader.read(stage),
      isShipped: stage === shipped,
    })),
  };
};

class Reader {
  /** @type {InstallState[]} What the stages above have at their ends. */
  ends = [];
  /** @type {Set<number>} The numbers of the stages that cannot be built. */
  refused = new Set();

  /**
   * @param {Dockerfile} dockerfile
   * @param {ReadonlyMap<DockerfileInstruction, Layer>} above
   * @param {LockedProject} project
   * @param {InstallSettings} settings
   */
  constructor(dockerfile, above, project, settings) {
    this.dockerfile = dockerfile;
    this.above = above;
    this.project = project;
    this.settings = settings;
  }

  /** @param {DockerfileStage} stage */
  read(stage) {
    const { environments, exports } = this.ends[stage.baseStage ?? -1] ?? emptyState();
    const state = { environments: { ...environments }, exports: { ...exports } };
    this.ends.push(state);
    if (stage.uses.some((number) => this.refused.has(number))) this.refused.add(stage.number);
    const lines = stage.instructions.flatMap((each) => this.follow(stage, each, state));
    const isRefused = this.refused.has(stage.number);
    return {
      name: stage.name,
      line: stage.start.line,
      commands: lines,
      environments: isRefused ? {} : state.environments,
      active: isRefused ? undefined : activeEnvironment(stage, Object.keys(state.environments)),
      isRefused,
    };
  }

  /**
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {InstallState} state
   * @returns {InstallingLine[]}
   */
  follow(stage, instruction, state) {
    if (this.refused.has(stage.number)) return [];
    const { keyword, line, lastLine } = instruction;
    if (keyword === "COPY") this.copy(instruction, state);
    if (keyword !== "RUN") return [];
    const outcomes = this.run(stage, instruction, state);
    if (outcomes.at(-1)?.refused) this.refused.add(stage.number);
    return outcomes.map((outcome) => ({ line, lastLine, ...outcome }));
  }

  /**
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {InstallState} state
   */
  run(stage, instruction, state) {
    const { mounts, script, words, isExec, workdir } = instruction;
    for (const { origin, target, options } of mounts) {
      this.copyExports(origin, options.source ?? "/", target, state);
    }
    const layer = this.above.get(instruction);
    const root = (layer && projectRoot(instruction, layer)) ?? workdir;
    const settings = {
      ...this.settings,
      ...this.pythonOf(stage),
      ...runSettings(instruction, root),
    };
    const outcomes = runAll(this.project, isExec ? [words] : commands(script), settings, state);
    for (const mount of mounts) removeTemporary(mount, state);
    return outcomes;
  }

  /** @param {DockerfileStage} stage */
  pythonOf(stage) {
    let first = stage;
    while (first.baseStage !== undefined) first = this.dockerfile.stages[first.baseStage];
    const { python, platform } = this.settings;
    const isKnown = first.platform !== "" && !first.platform.includes("$");
    return {
      python: imageVersion(first.base) ?? python,
      platform: isKnown ? first.platform : platform,
    };
  }

  /**
   * Copy the environments and exports of another stage.
   * @param {DockerfileInstruction} instruction
   * @param {InstallState} state
   */
  copy({ origin, words, workdir }, state) {
    const target = absolute(workdir, words.at(-1) ?? "");
    for (const word of words.slice(0, -1)) {
      const source = withoutSlash(absolute("/", word));
      this.copyExports(origin, source, target === workdir ? `${target}/` : target, state);
      this.copyEnvironments(origin, source, withoutSlash(target), state);
    }
  }

  /**
   * Copy an export, or all exports if the source is no export.
   * @param {DockerfileOrigin | undefined} origin
   * @param {string} source
   * @param {string} target
   * @param {InstallState} state
   */
  copyExports(origin, source, target, state) {
    const exports = this.ends[origin?.stage ?? -1]?.exports ?? {};
    const [name, newName] = [source, target].map((path) => path.split("/").at(-1) ?? "");
    const isExport = name in exports;
    Object.assign(state.exports, isExport ? { [newName || name]: exports[name] } : exports);
  }

  /**
   * @param {DockerfileOrigin | undefined} origin
   * @param {string} source
   * @param {string} target
   * @param {InstallState} state
   */
  copyEnvironments(origin, source, target, state) {
    const environments = this.ends[origin?.stage ?? -1]?.environments ?? {};
    for (const [path, packages] of Object.entries(environments)) {
      const copy = copiedEnvironment(path, source, target);
      if (copy === undefined) continue;
      const before = copy in state.environments ? state.environments[copy] : [];
      state.environments[copy] = before && packages && merged([...before, ...packages]);
    }
  }
}

/**
 * Remove what is in a cache, because the image does not have it.
 * @param {DockerfileMount} mount
 * @param {InstallState} state
 */
const removeTemporary = ({ type, target }, { environments }) => {
  const isTemporary = type === "cache" || type === "tmpfs";
  const removed = Object.keys(environments).filter((path) => isWithin(path, target));
  for (const path of isTemporary ? removed : []) delete environments[path];
};

/**
 * Return the environment whose programs come first on PATH, or the only one.
 * @param {DockerfileStage} stage
 * @param {string[]} environments
 */
const activeEnvironment = ({ end }, environments) => {
  const folders = (end.environment.get("PATH") ?? "").split(":").map(withoutSlash);
  const first = folders.find((folder) => environments.some((each) => folder === `${each}/bin`));
  return first?.replace(/\/bin$/, "") ?? (environments.length === 1 ? environments[0] : undefined);
};
