// @ts-check
// The steps of a build, each with the key by which BuildKit finds its result in the cache.

import { copiedFiles } from "./copied-files.js";
import { neededStages, readDockerfile } from "./dockerfile.js";
import { context } from "./dockerignore.js";
import { exportedFile } from "./exported-file.js";
import { contentAt, copiedContent, filesWithin, layersFrom, withTargets } from "./layers.js";
import { absolute, clean, isWithin, withoutSlash } from "./paths.js";

/** Numbers for values. Equal values have the same number. */
export class Keys {
  constructor() {
    /** @type {Map<string, number>} */
    this.numbers = new Map();
  }

  /** @param {unknown} value @returns {number} */
  of(value) {
    const text = JSON.stringify(value);
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }
}

/**
 * Return the steps of a build in file order.
 * @param {BuildInput} input
 * @param {Keys} keys Shared by the builds that are compared.
 */
export const buildSteps = (input, keys) => new Build(input, keys).read();

/**
 * Return a Dockerfile, and the layer on which each instruction is carried out.
 * @param {BuildInput} input
 */
export const layersOf = (input) => {
  const build = new Build(input, new Keys());
  const { dockerfile, steps } = build;
  for (const stage of dockerfile.stages) build.readStage(stage);
  return {
    dockerfile,
    above: new Map(steps.map(({ instruction, above }) => [instruction, above])),
  };
};

class Build {
  /** @param {BuildInput} input @param {Keys} keys */
  constructor(input, keys) {
    this.input = input;
    this.keys = keys;
    this.dockerfile = readDockerfile(input.dockerfile, input.buildArguments);
    this.context = context(input.files, input.dockerignore ?? "");
    /** @type {BuildStep[]} */
    this.steps = [];
    /** @type {Map<number, Layer>} The last layers of the stages, by their number. */
    this.ends = new Map();
  }

  read() {
    const stages = neededStages(this.dockerfile, this.input.target);
    for (const stage of stages) this.readStage(stage);
    const end = this.ends.get(stages.at(-1)?.number ?? -1);
    const { problems } = this.dockerfile;
    if (!end && problems.length === 0) {
      problems.push({ line: 1, reason: `No stage is called ${this.input.target}` });
    }
    return { steps: end ? withoutRepetitions(this.steps, end) : [], problems };
  }

  /** @param {DockerfileStage} stage */
  readStage(stage) {
    const base = stage.baseStage === undefined ? undefined : this.ends.get(stage.baseStage);
    let layer = base ?? this.image(stage.base, stage.platform);
    for (const instruction of stage.instructions) {
      layer = this.layer(stage, instruction, layer) ?? layer;
    }
    this.ends.set(stage.number, layer);
  }

  /** @param {string} name @param {string} [platform] @returns {Layer} */
  image(name, platform = "") {
    const key = this.keys.of(["image", name, platform]);
    return { key, definition: key, sources: [], content: () => ({ part: key, isAll: true }) };
  }

  /**
   * Return the layer of an instruction, or undefined if the instruction makes none.
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {Layer} above
   * @returns {Layer | undefined}
   */
  layer(stage, instruction, above) {
    switch (instruction.keyword) {
      case "WORKDIR":
        return instruction.workdir === "/" ? undefined : this.workdir(stage, instruction, above);
      case "RUN":
        return this.run(stage, instruction, above);
      case "ADD":
      case "COPY":
        return this.copy(stage, instruction, above);
      default:
        return undefined;
    }
  }

  /**
   * With `--link`, the files are copied into a layer that does not depend on the layers above. An
   * image store that cannot merge layers ignores the option.
   * @param {DockerfileInstruction} instruction
   */
  isLinked(instruction) {
    return (
      this.input.mergesLayers !== false &&
      instruction.keyword !== "RUN" &&
      flag(instruction, "link") === "true"
    );
  }

  /**
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {Layer} above
   * @param {unknown} operation
   * @param {Source[]} [sources]
   * @returns {BuildStep}
   */
  add(stage, instruction, above, operation, sources = []) {
    const { keys } = this;
    const inputs = this.isLinked(instruction) ? [] : [above];
    const number = keys.of(operation);
    const step = {
      stage: stage.name,
      instruction,
      above,
      operation: number,
      sources,
      key: keys.of([number, inputs.map(({ key }) => key), sources.map(({ key }) => key)]),
      definition: keys.of([
        number,
        inputs.map(({ definition }) => definition),
        sources.map(({ definition }) => definition),
      ]),
      layers: [...inputs, ...sources.flatMap(({ layer }) => layer ?? [])],
    };
    this.steps.push(step);
    return step;
  }

  /**
   * @param {BuildStep} step
   * @param {Layer["content"]} content
   * @param {Layer["files"]} [files]
   * @returns {Layer}
   */
  result(step, content, files) {
    const { above, operation, sources, instruction } = step;
    const [key, definition] = this.isLinked(instruction)
      ? [this.keys.of([above.key, step.key]), this.keys.of([above.definition, step.definition])]
      : [step.key, step.definition];
    return { key, definition, above, operation, sources, content, files, step };
  }

  /**
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {Layer} above
   */
  workdir(stage, instruction, above) {
    const { workdir, user } = instruction;
    const step = this.add(stage, instruction, above, ["WORKDIR", workdir, user]);
    return this.result(step, (path) =>
      isWithin(workdir, path) ? { part: ["folder", workdir], isAll: false } : undefined,
    );
  }

  /**
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {Layer} above
   */
  run(stage, instruction, above) {
    const { command, heredocs, environment, workdir, user, mounts } = instruction;
    const operation = [
      "RUN",
      instruction.isExec ? "" : instruction.shell,
      // The mark of a heredoc that is the whole script does not count.
      instruction.script === command ? [command, heredocs] : instruction.script,
      [...environment],
      [workdir, user],
      ["network", "security", "device"].map((name) => flag(instruction, name) ?? ""),
      mounts.map(mountOperation),
    ];
    const sources = mounts.flatMap((mount) => this.mounted(mount));
    const step = this.add(stage, instruction, above, operation, sources);
    const exported = exportedFile(instruction, above, this.input);
    if (!exported) {
      return this.result(step, () => ({ part: ["RUN", step.key], isAll: true, isAssumed: true }));
    }
    const part = ["exported", step.operation, exported.content];
    return this.result(step, (path) =>
      isWithin(exported.path, path) ? { part, isAll: exported.path === path } : undefined,
    );
  }

  /** @param {DockerfileMount} mount @returns {Source[]} */
  mounted({ type, options, origin }) {
    const path = options.source ?? "/";
    if (origin) return [this.fromOrigin(origin, [path])];
    return type === "bind" ? [this.fromContext([path])] : [];
  }

  /**
   * @param {DockerfileStage} stage
   * @param {DockerfileInstruction} instruction
   * @param {Layer} above
   */
  copy(stage, instruction, above) {
    const { keyword, words, flags, origin, workdir } = instruction;
    const target = absolute(workdir, words.at(-1) ?? "");
    const paths = words.slice(0, -1).filter((word) => !word.startsWith("<<"));
    const remote = paths.filter(isRemote);
    const local = paths.filter((path) => !isRemote(path));
    const operation = [
      keyword,
      target,
      flags.filter(([name]) => name !== "from"),
      paths.map((path) => clean(path).split("/").at(-1)),
      instruction.heredocs.map(({ name, content }) => [name, content]),
      remote,
    ];
    const sources = origin
      ? [this.fromOrigin(origin, local)]
      : local.length > 0
        ? [this.fromContext(local, instruction)]
        : [];
    const step = this.add(stage, instruction, above, operation, sources);
    const isKnown = keyword === "COPY" && !origin && instruction.heredocs.length === 0;
    if (!isKnown) return this.result(step, (path) => copiedContent(step, target, path));
    const isFile = paths.length === 1 && this.context.has(clean(paths[0]));
    const isFolder = !isFile || target.endsWith("/") || target === workdir;
    const files = withTargets(sources[0]?.files ?? [], target, isFolder);
    return this.result(step, (path) => filesWithin(files, path), files);
  }

  /**
   * @param {string[]} paths
   * @param {DockerfileInstruction} [copy]
   * @returns {Source}
   */
  fromContext(paths, copy) {
    const excluded = (copy?.flags ?? []).filter(([name]) => name === "exclude");
    const options = {
      excluded: excluded.map(([, value]) => value),
      keepsParents: copy !== undefined && flag(copy, "parents") === "true",
    };
    const files = paths.map((path) => copiedFiles(this.context, path, options));
    const content = files.map((list) => list.map(({ name, hash }) => [name, hash]));
    return {
      key: this.keys.of(content),
      definition: this.keys.of(["context", paths]),
      files: files.flat(),
    };
  }

  /** @param {DockerfileOrigin} origin @param {string[]} paths @returns {Source} */
  fromOrigin({ stage, image }, paths) {
    const end = stage === undefined ? undefined : this.ends.get(stage);
    const layer = end ?? this.image(image ?? "");
    const contents = paths.map((path) => contentAt(layer, withoutSlash(absolute("/", path))));
    return {
      key: this.keys.of(contents.map(({ parts }) => parts)),
      definition: this.keys.of([layer.definition, paths]),
      layer,
      stage: stage === undefined ? undefined : this.dockerfile.stages[stage].name,
      isAssumed: contents.some((each) => each.isAssumed),
    };
  }
}

/** @param {DockerfileInstruction} instruction @param {string} name */
const flag = (instruction, name) => instruction.flags.find(([each]) => each === name)?.[1];

/** @param {string} path */
const isRemote = (path) => /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(path);

/**
 * The parts of a mount that belong to the command. The content of what is mounted does not, and
 * neither does the content of secrets and caches.
 * @param {DockerfileMount} mount
 */
const mountOperation = ({ type, target, options }) => {
  const { id = "", mode, uid, gid, required, env, size, readonly, readwrite } = options;
  const common = [type, target, mode, uid, gid, required, env, size, readonly, readwrite];
  if (type !== "cache") return [...common, id, type === "secret" ? options.source : ""];
  // BuildKit ignores the name of a cache, but not that it has one.
  const sharing = options.sharing ?? "shared";
  return [...common, sharing === "shared" && (id === "" || id === target)];
};

/**
 * Return the steps without repetitions, and with the numbers of the steps that they use.
 *
 * BuildKit carries out equal steps of several stages once, and names it after the last of them that
 * it meets on its way through the inputs.
 * @param {BuildStep[]} steps
 * @param {Layer} end
 * @returns {NumberedStep[]}
 */
const withoutRepetitions = (steps, end) => {
  /** @type {Map<number, BuildStep>} */
  const byDefinition = new Map();
  /** @type {Set<BuildStep>} */
  const seen = new Set();
  /** @param {Layer} layer */
  const visit = (layer) => {
    const own = layersFrom(layer).flatMap(({ step }) => step ?? []);
    for (const step of own.filter((each) => !seen.has(each)).reverse()) {
      seen.add(step);
      step.sources.flatMap((source) => source.layer ?? []).forEach(visit);
      byDefinition.set(step.definition, step);
    }
  };
  visit(end);
  const kept = steps.filter((step) => byDefinition.get(step.definition) === step);
  const numbers = new Map(kept.map((step, number) => [step.definition, number]));
  return kept.map((step) => {
    const used = step.layers.flatMap(stepsOf).map(({ definition }) => numbers.get(definition) ?? 0);
    return { ...step, inputs: [...new Set(used)].sort((one, other) => one - other) };
  });
};

/**
 * Return the steps whose results a layer has. With `--link`, there are several.
 * @param {Layer} layer
 * @returns {BuildStep[]}
 */
const stepsOf = ({ step, key, above }) => {
  if (!step) return [];
  return step.key === key || !above ? [step] : [step, ...stepsOf(above)];
};
