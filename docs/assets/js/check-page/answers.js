// @ts-check
// The three answers to a Dockerfile: findings, rebuilds and installs.

import { check, SEVERITIES } from "../check/findings.js";
import { textOf } from "../check/fixes.js";
import { proposalsFor } from "../check/proposals.js";
import { assumedProject } from "./assumed-project.js";
import { differences } from "./difference.js";
import { inputOf } from "./given-input.js";
import { installsOf } from "./installs.js";
import { missingFiles } from "./missing-files.js";
import { otherInstallers } from "./other-installers.js";
import { rebuildsOf } from "./rebuilds.js";

/**
 * @typedef {{
 *   path: string,
 *   edits: LineEdit[],
 *   changes: import("./difference.js").Difference[],
 *   condition?: string,
 * }} Change
 * @typedef {Finding & Change} ShownFinding
 * @typedef {ReturnType<typeof missingFiles>[number]} MissingFile
 * @typedef {{
 *   fault?: string,
 *   groups: { severity: Severity, findings: ShownFinding[] }[],
 *   gaps: NotJudged[],
 *   missing: MissingFile[],
 *   hasIgnoreFile: boolean,
 *   rebuilds: import("./rebuilds.js").Rebuild[],
 *   installs?: import("./installs.js").Installs,
 *   installers: import("./other-installers.js").OtherInstaller[],
 *   isAssumed: boolean,
 * }} Answers
 */

const FROM = /^\s*FROM\s+\S/im;

/** @returns {Answers} */
const noAnswers = (fault = "") => ({
  fault,
  groups: [],
  gaps: [],
  missing: [],
  hasIgnoreFile: true,
  rebuilds: [],
  installers: [],
  isAssumed: false,
});

/**
 * Return what the page shows for the files that a reader gave.
 * @param {import("./given.js").Given} given
 * @param {OptionGrammar} grammar
 * @param {CheckInput["yaml"]} [yaml]
 * @returns {Answers}
 */
export const answersTo = (given, grammar, yaml) => {
  const text = given.texts[given.dockerfile] ?? "";
  if (text.trim() === "") return noAnswers();
  if (text.includes("\0")) {
    return noAnswers("This is not a text file, so it cannot be a Dockerfile.");
  }
  const { input, pathOf } = inputOf(given, yaml);
  try {
    return answersToInput({ ...input, grammar }, pathOf);
  } catch (error) {
    // The rules are tested with random files, so this is a fault of the page.
    console.warn(error);
    return noAnswers(
      "This file could not be checked. Remove the lines that do not belong to a Dockerfile.",
    );
  }
};

/**
 * @param {CheckInput} input
 * @param {(file?: string) => string} pathOf
 * @returns {Answers}
 */
const answersToInput = (input, pathOf) => {
  const { findings, notJudged, problems } = check(input);
  const [problem] = problems;
  const isDockerfile = FROM.test(input.dockerfile);
  if (problem && (!isDockerfile || findings.length + notJudged.length === 0)) {
    return noAnswers(`Line ${problem.line} was not understood: ${problem.reason}.`);
  }
  if (!isDockerfile) {
    return noAnswers(
      "No line starts with FROM and names an image, so this is not a Dockerfile yet.",
    );
  }
  const proposed = proposalsFor(input, findings);
  const shown = findings.map((each, index) => {
    const edits = each.fix ?? proposed[index]?.edits ?? [];
    const changes = differences(edits, (file) => textOf(input, file));
    return {
      ...each,
      path: pathOf(each.file),
      edits,
      condition: proposed[index]?.condition,
      changes: changes.map((change) => ({ ...change, file: pathOf(change.file) })),
    };
  });
  const project = input.files ? { ...input, files: input.files } : assumedProject(input);
  const reasons = problems.map(({ line, reason }) => ({
    line,
    reason: `This line was not understood: ${reason}.`,
  }));
  return {
    groups: SEVERITIES.map((severity) => ({
      severity,
      findings: shown.filter((each) => each.severity === severity),
    })).filter((group) => group.findings.length > 0),
    gaps: [...reasons, ...notJudged],
    missing: missingFiles(input),
    hasIgnoreFile: input.dockerignore !== undefined,
    rebuilds: rebuildsOf(project, findings),
    installs: installsOf(input),
    installers: otherInstallers(input),
    isAssumed: !input.files,
  };
};
