// @ts-check
// Check the Dockerfiles in a folder, each with the files of its project.

import { check } from "./findings.js";
import { fixAll } from "./fixes.js";
import { pathInFolder, projectInputs } from "./project-inputs.js";
import { proposalsFor } from "./proposals.js";
import { rules } from "./rules.js";
import { yaml } from "./yaml-support.js";

export { filesToRead } from "./file-names.js";

/** Every rule. */
export const allRules = [...rules, ...yaml.rules];

/**
 * Check a Dockerfile with the files of its project.
 * @param {CheckInput} input
 */
export const checkProject = (input) => check({ ...input, yaml });

/**
 * Return a proposal for each finding in a project, or null.
 * @param {CheckInput} input
 * @param {Finding[]} findings
 */
export const proposalsIn = (input, findings) =>
  proposalsFor({ ...input, yaml }, findings).map((each) => each ?? null);

/**
 * Check every Dockerfile of a folder. The paths in the results start at the folder.
 * @param {Repository} repository
 * @param {OptionGrammar} grammar
 * @returns {CheckedDockerfile[]}
 */
export const checkRepository = (repository, grammar) =>
  projectInputs(repository, yaml).map((project) => {
    const input = { ...project.input, grammar };
    const result = check(input);
    const proposals = proposalsFor(input, result.findings);
    const fixed = Object.entries(fixAll(input)).map(([file, text]) => [
      pathInFolder(project, file),
      text,
    ]);
    return {
      path: project.path,
      ...result,
      findings: result.findings.map((each, index) => ({
        ...each,
        file: pathInFolder(project, each.file),
        proposal: inFolder(project, proposals[index]),
      })),
      fixed: Object.fromEntries(fixed),
    };
  });

/**
 * @param {Parameters<typeof pathInFolder>[0]} project
 * @param {Proposal} [proposal]
 */
const inFolder = (project, proposal) =>
  proposal && {
    ...proposal,
    edits: proposal.edits.map((edit) => ({ ...edit, file: pathInFolder(project, edit.file) })),
  };
