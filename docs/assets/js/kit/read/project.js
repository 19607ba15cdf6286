// @ts-check
// Answers and names for a kit, read from the files of a project, each with where it was found.

import { isDockerfile } from "../../check/file-names.js";
import { layout, names, python } from "./code.js";
import { readDeclared, readPipfile, readRequirements } from "./declared.js";
import { fact, startLine } from "./evidence.js";
import { projectRoot } from "./files.js";
import { readImageFile, startLines } from "./image.js";
import { privateSources } from "./private-sources.js";
import { database, server, worker } from "./services.js";
import { systemNeeds } from "./system.js";

/** @typedef {import("./evidence.js").Project} Project */
/** @typedef {import("./evidence.js").Reading} Reading */

const MIGRATE =
  "uv does not read the packages in `[tool.poetry]`. Move them to `[project]` first, as the page “Migrate from Poetry to uv” describes.";
const POETRY_CLAIMS = ["without-a-project-table-uv-lock-locks-nothing"];

/**
 * Read a project. Without `paths`, only the pasted files are known. `folder` is the name of the
 * folder that was given.
 * @param {{ texts: Readonly<Record<string, string>>, paths?: string[], folder?: string }} given
 * @param {string[]} pythons The versions of Python that kits can have, such as "3.14".
 * @returns {Required<Reading> & { packages: import("./evidence.js").Package[] }}
 */
export const readProject = ({ texts, paths, folder }, pythons) => {
  const project = projectOf(texts, paths, folder);
  /** @type {Reading[]} */
  const readers = [
    names(project),
    python(project, pythons),
    database(project),
    server(project),
    worker(project),
    privateSources(project),
    systemNeeds(project),
    layout(project),
    pipelines(project),
    port(project),
  ];
  const older = project.declared.filter(({ isPoetryAlone }) => isPoetryAlone);
  const faults = project.declared.flatMap(({ fault, file }) =>
    fault ? [{ text: fault, file, at: "" }] : [],
  );
  return {
    packages: project.packages,
    facts: readers.flatMap(({ facts = [] }) => facts),
    notes: [
      ...faults,
      ...older.map(({ file }) => ({
        text: MIGRATE,
        file,
        at: "tool.poetry",
        claims: POETRY_CLAIMS,
      })),
      ...readers.flatMap(({ notes = [] }) => notes),
    ],
  };
};

/**
 * @param {Readonly<Record<string, string>>} texts
 * @param {string[]} [paths]
 * @param {string} [folder]
 * @returns {Project}
 */
const projectOf = (texts, paths = [], folder = "") => {
  const known = [...new Set([...paths, ...Object.keys(texts)])];
  const root = projectRoot(known);
  const inside = root === "" ? "" : `${root}/`;
  const written = Object.entries(texts).filter(([, text]) => text.trim() !== "");
  const declared = written.flatMap(([file, text]) => {
    const read = file.startsWith(inside) ? readerOf(file.slice(inside.length)) : undefined;
    return read ? [{ ...read(text, file), file }] : [];
  });
  return {
    texts: Object.fromEntries(written),
    paths: known,
    root,
    folder: root.split("/").at(-1) || folder,
    declared,
    packages: declared.flatMap(({ file, packages }) => packages.map((each) => ({ file, ...each }))),
    images: written
      .filter(([file]) => isDockerfile(file))
      .map(([file, text]) => readImageFile(file, text)),
    lines: startLines(texts),
  };
};

/** @param {string} name The path from the root of the project. */
const readerOf = (name) => {
  if (name === "pyproject.toml") return readDeclared;
  if (name === "Pipfile") return readPipfile;
  if (/^(?:requirements\/[^/]+|[^/]*requirements[^/]*)\.(?:txt|in)$/.test(name)) {
    return readRequirements;
  }
  return undefined;
};

const RUNS_TESTS = /^[^#\n]*\b(?:pytest|tox|nox|(?:manage\.py|django-admin)\s+test)\b/m;

/** @param {Project} project @returns {Reading} */
const pipelines = ({ paths, texts }) => {
  const gitlab = paths.find((path) => path === ".gitlab-ci.yml");
  // A workflow can also only label issues or publish pages.
  const github = paths.find(
    (path) =>
      /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) && RUNS_TESTS.test(texts[path] ?? ""),
  );
  if (gitlab) return { facts: [fact("ci", "gitlab", { file: gitlab, at: "its name" })] };
  return github ? { facts: [fact("ci", "github", { file: github, at: "its name" })] } : {};
};

/** @param {Project} project @returns {Reading} */
const port = (project) => {
  const image = project.images.find((each) => each.port);
  if (image?.port)
    return { facts: [fact("port", image.port.value, { ...image.port, file: image.file })] };
  const bound = startLine(project, /(?:0\.0\.0\.0|\[::\]|\*):(\d{2,5})\b/);
  const value = bound && /(?:0\.0\.0\.0|\[::\]|\*):(\d{2,5})\b/.exec(bound.text)?.[1];
  return bound && value ? { facts: [fact("port", value, bound)] } : {};
};
