// @ts-check
// A project around a pasted Dockerfile: the files that it copies, and those of every Django project.
// The rebuild predictor needs files.

import { readDockerfile } from "../check/dockerfile.js";
import { clean } from "../check/paths.js";

const NOT_CODE =
  /(?:^|\/)(?:\.[^/]+|bin|conf(?:ig)?|compose|data|deploy|deployment|docker|docs?|frontend|locale|media|nginx|node_modules|public|requirements|scripts|static(?:files)?|templates|vendor)$/;
const FILE = /(?:^|\/)(?:[^/]*\.[^/]+|Makefile|Pipfile|LICENSE|Procfile)$/;
const MANIFESTS = /(?:^|\/)(?:pyproject\.toml|uv\.lock|uv\.toml|\.python-version)$/;
const PYPROJECT = `[project]
name = "app"
version = "1"
dependencies = [
]

[tool.ruff]
`;

/**
 * Return the project of a pasted Dockerfile for the rebuild predictor.
 * @param {CheckInput} input
 * @returns {BuildInput}
 */
export const assumedProject = (input) => {
  const sources = copiedSources(input.dockerfile);
  const paths = [
    ...sources.filter((path) => FILE.test(path)),
    ...sources.filter((path) => !FILE.test(path)).map((path) => `${path}/file`),
    ...codeFiles(sources),
    ...Object.keys(input.texts ?? {}).filter((path) => MANIFESTS.test(path)),
    ...["pyproject.toml", "manage.py"],
  ];
  return {
    ...input,
    files: Object.fromEntries(paths.map((path) => [path, ""])),
    texts: { "pyproject.toml": PYPROJECT, ...input.texts },
  };
};

/** Return what the Dockerfile takes from the build context, without wildcards. @param {string} text */
const copiedSources = (text) => {
  const instructions = readDockerfile(text).stages.flatMap((stage) => stage.instructions);
  const copied = instructions
    .filter(({ keyword, origin }) => /^(?:COPY|ADD)$/.test(keyword) && !origin)
    .flatMap(({ words }) => words.slice(0, -1));
  const mounted = instructions
    .flatMap(({ mounts }) => mounts)
    .filter(({ type, origin }) => type === "bind" && !origin)
    .map(({ options }) => options.source ?? "");
  const sources = [...copied, ...mounted]
    .filter((source) => !/[$:?[]/.test(source))
    .map((source) => clean(source.replace(/\*/g, source.includes("require") ? "" : "x")));
  return [...new Set(sources)].filter((source) => source !== "" && source !== ".");
};

/** Return a view and a template in the folder that probably has the code. @param {string[]} sources */
const codeFiles = (sources) => {
  const folders = sources.filter((path) => !FILE.test(path) && !NOT_CODE.test(path));
  const folder = folders.at(-1) ?? "app";
  return [`${folder}/views.py`, `${folder}/templates/page.html`];
};
