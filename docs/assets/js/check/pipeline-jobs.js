// @ts-check
// The jobs of GitHub workflows and GitLab pipelines.

import { clean, isWithin, parent } from "./paths.js";
import { scriptCommands } from "./shell-commands.js";
import { entry, textOf, valueAt, variablesOf } from "./yaml-values.js";

export const PIPELINE_FILE = /(?:^|\/)(?:\.gitlab-ci\.yml|\.github\/workflows\/[^/]*\.ya?ml)$/;
// Keys of a GitLab pipeline that are no jobs.
const NO_JOBS = new Set(["default", "include", "stages", "variables", "workflow"]);

/**
 * Return the jobs of the pipelines of the repository that has the build context.
 * @param {CheckedProject} project
 * @returns {PipelineJob[]}
 */
export const pipelineJobs = (project) =>
  [...project.documents]
    .filter(([file]) => PIPELINE_FILE.test(file))
    .flatMap(([file, document]) => {
      const root = rootOf(project, file);
      if (!isWithin(`/${project.input.context ?? ""}`, `/${root}`)) return [];
      const isGitLab = /\.gitlab-ci\.yml$/.test(file);
      const jobs = isGitLab ? gitLabJobs(document) : gitHubJobs(document);
      return jobs.map((job) => ({ ...job, file, root }));
    });

/** Return the root of the repository, from the folder that is checked. @param {CheckedProject} project @param {string} file */
const rootOf = ({ input: { context = "" } }, file) => {
  const path = clean(`${context}/${file}`);
  return /\.gitlab-ci\.yml$/.test(path) ? parent(path) : parent(parent(parent(path)));
};

/** @param {YamlNode} document @returns {Omit<PipelineJob, "file" | "root">[]} */
const gitHubJobs = (document) =>
  [...(valueAt(document, "jobs")?.entries ?? [])].map(([name, { node }]) => ({
    name,
    steps: (valueAt(node, "steps")?.items ?? []).map((step) => ({
      node: step,
      scripts: [entry(step, "run")].flatMap((run) => (run ? [run.node] : [])),
      folder:
        textOf(valueAt(step, "working-directory")) ||
        textOf(valueAt(node, "defaults", "run", "working-directory")) ||
        textOf(valueAt(document, "defaults", "run", "working-directory")),
      variables: new Map(
        [document, node, step].flatMap((each) => variablesOf(valueAt(each, "env"))),
      ),
    })),
  }));

/** @param {YamlNode} document @returns {Omit<PipelineJob, "file" | "root">[]} */
const gitLabJobs = (document) =>
  [...(document.entries ?? [])]
    .filter(([name, { node }]) => !NO_JOBS.has(name) && valueAt(node, "script"))
    .map(([name, { node }]) => ({
      name,
      steps: [
        {
          node,
          scripts: ["before_script", "script"].flatMap((key) => linesOf(valueAt(node, key))),
          folder: "",
          variables: new Map(
            [document, node].flatMap((each) => variablesOf(valueAt(each, "variables"))),
          ),
        },
      ],
    }));

/** Lists in a GitLab script can contain lists. @param {YamlNode | undefined} node @returns {YamlNode[]} */
const linesOf = (node) => {
  if (!node) return [];
  return node.text === undefined ? (node.items ?? []).flatMap(linesOf) : [node];
};

/**
 * Return the commands of a step, each with the part of the file that has it.
 * @param {CheckedProject} project
 * @param {PipelineStep} step
 * @returns {(ShellCommand & { node: YamlNode })[]}
 */
export const jobCommands = (project, { scripts, variables, folder }) => {
  const { shipped } = project;
  const instruction = { ...shipped.start, environment: variables, workdir: `/${folder}` };
  return scripts.flatMap((node) =>
    project
      .withUv(scriptCommands(shipped, instruction, textOf(node)))
      .map((command) => ({ ...command, node })),
  );
};

/**
 * Return the builds of the Dockerfile in a job, with `docker build` or GitHub's action for it.
 * @param {CheckedProject} project
 * @param {PipelineJob} job
 * @returns {PipelineBuild[]}
 */
export const buildsOf = (project, job) =>
  job.steps
    .flatMap((step) => [...actionBuild(step), ...commandBuilds(project, step)])
    .filter(({ context, dockerfile }) => {
      const { context: own = "", path = "Dockerfile" } = project.input;
      const written = dockerfile || `${context}/Dockerfile`;
      return clean(`${job.root}/${written}`) === clean(`${own}/${path}`);
    });

/** @param {PipelineStep} step @returns {PipelineBuild[]} */
const actionBuild = ({ node }) => {
  const inputs = valueAt(node, "with");
  if (!/^docker\/build-push-action@/.test(textOf(valueAt(node, "uses"))) || !inputs) return [];
  const lists = ["build-args", "cache-to"].map((name) => entry(inputs, name)?.node);
  return [
    {
      context: textOf(valueAt(inputs, "context")) || ".",
      dockerfile: textOf(valueAt(inputs, "file")),
      arguments: lists[0] ? settingsIn(lists[0]) : [],
      cacheTo: lists[1] ? settingsIn(lists[1]) : [],
    },
  ];
};

/** The action reads one value from each line. @param {YamlNode} node @returns {PipelineSetting[]} */
const settingsIn = (node) =>
  textOf(node)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((text) => ({ text, node }));

const WITH_VALUE =
  /^(?:-f|--file|--build-arg|--cache-to|--cache-from|-t|--tag|--target|-o|--output|--platform|--secret|--progress|--label|--builder|--ssh|--build-context)$/;

/** @param {CheckedProject} project @param {PipelineStep} step @returns {PipelineBuild[]} */
const commandBuilds = (project, step) =>
  jobCommands(project, step)
    .map(({ words, node }) => ({ node, words: words.filter((word) => word !== "buildx") }))
    .filter(({ words: [program, name] }) => /(?:^|\/)docker$/.test(program) && name === "build")
    .map(({ words, node }) => {
      const { options, context } = readBuild(words.slice(2));
      /** @param {RegExp} name */
      const settings = (name) =>
        options.flatMap(([each, text]) => (name.test(each) ? [{ text, node }] : []));
      return {
        context,
        dockerfile: settings(/^(?:-f|--file)$/).at(-1)?.text ?? "",
        arguments: settings(/^--build-arg$/),
        cacheTo: settings(/^--cache-to$/),
      };
    });

/** @param {string[]} words */
const readBuild = (words) => {
  /** @type {[string, string][]} */
  const options = [];
  let context = ".";
  const rest = [...words];
  while (rest.length > 0) {
    const [name, value] = (rest.shift() ?? "").split(/=(.*)/s);
    if (!name.startsWith("-")) context = name;
    else options.push([name, value ?? (WITH_VALUE.test(name) ? (rest.shift() ?? "") : "")]);
  }
  return { options, context };
};

/**
 * Mark the first line of a part of a file that contains a text.
 * @param {CheckedProject} project
 * @param {string} file
 * @param {YamlNode} node
 * @param {string | RegExp} text
 */
export const atLine = ({ input }, file, { line, lastLine }, text) => {
  const lines = (input.texts?.[file] ?? "").split("\n").slice(line - 1, lastLine);
  const index = Math.max(
    lines.findIndex((each) => (typeof text === "string" ? each.includes(text) : text.test(each))),
    0,
  );
  return { file, line: line + index, lastLine: line + index };
};
