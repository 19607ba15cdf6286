// @ts-check
// The files of a kit, which are the files of examples with the reader's own names.

import { agents } from "./files/agents.js";
import { compose } from "./files/compose.js";
import { dockerfile } from "./files/dockerfile.js";
import { dockerignore } from "./files/dockerignore.js";
import { githubWorkflow } from "./files/github-workflow.js";
import { gitlabCi } from "./files/gitlab-ci.js";
import { gunicornConf } from "./files/gunicorn-conf.js";
import { healthcheck } from "./files/healthcheck.js";
import { mainModule } from "./files/main-module.js";
import { middleware } from "./files/middleware.js";
import { pyproject } from "./files/pyproject.js";
import { readme } from "./files/readme.js";
import { settings } from "./files/settings.js";
import { testPackage } from "./files/tests.js";
import { nameWriter } from "./names.js";
import { moveNotice, notices } from "./notices.js";
import { patternOf } from "./patterns.js";
import { refusals } from "./refusals.js";
import { reader } from "./sources.js";

/** Each returns its file, or undefined if the kit has none. In the order of the file tree. */
const FILES = [
  dockerfile,
  dockerignore,
  compose,
  gunicornConf,
  healthcheck,
  mainModule,
  middleware,
  testPackage,
  gitlabCi,
  githubWorkflow,
  settings,
  pyproject,
  agents,
];

/**
 * Return the files of a kit. Throws an error if there is no kit for the answers.
 * @param {KitAnswers} answers
 * @param {KitNames} names
 * @param {KitSources} sources
 */
export const kitFiles = (answers, names, sources) => kitOf(answers, names, sources).files;

/**
 * Return the files of a kit for a project, and what its reader has to know before the first build.
 * @param {KitAnswers} answers
 * @param {KitNames} names
 * @param {KitSources} sources
 * @param {KitProject} [project]
 * @returns {{ files: KitFile[], move?: KitNotice, notices: KitNotice[] }}
 */
export const kitOf = (answers, names, sources, project) => {
  const [refusal] = refusals(answers);
  if (refusal) throw new Error(refusal.reason);
  /** @type {Kit} */
  const kit = {
    answers,
    names,
    pattern: patternOf(answers),
    read: reader(sources, names),
    sources,
    ...(project && { project }),
  };
  const fill = nameWriter(names, answers, project);
  const files = FILES.flatMap((file) => file(kit) ?? []).map((file) => filled(file, fill));
  const own = { move: moveNotice(kit), notices: notices(kit, files) };
  return { files: [...files, filled(readme(kit, files, own), fill)], ...own };
};

/**
 * Return where a file is in the zip and in the folder that scripts/kit writes. Lines to merge are
 * in a folder of their own, so that they never replace a file of a project.
 * @param {KitFile} file
 */
export const kitPath = ({ kind, path }) => (kind === "merge" ? `to-merge/${path}` : path);

/** @param {KitFile} file @param {(text: string) => string} fill @returns {KitFile} */
const filled = (file, fill) => ({
  ...file,
  path: fill(file.path),
  text: fill(file.text),
  ...(file.parts && { parts: file.parts.map((part) => ({ ...part, text: fill(part.text) })) }),
});
