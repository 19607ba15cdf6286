// @ts-check
// The steps that run again after everyday edits, and the finding that would end the slow ones.

import { applyEdits } from "../check/fixes.js";
import { predictEdits } from "../check/rebuild.js";

const INSTALL =
  /\b(?:uv (?:sync|pip (?:install|sync))|poetry install|pipenv (?:install|sync)|pdm (?:install|sync)|pip3? install|pip-sync|apt-get|apk add|npm (?:ci|install)|yarn install|pnpm install|conda (?:env|install)|cargo build)\b/;
const CODE_EDITS = new Set(["view", "template"]);
const UV_SYNC = /\buv sync\b/;

/**
 * @typedef {PredictedStep & { isSlow: boolean }} RebuiltStep
 * @typedef {{ name: string, steps: RebuiltStep[], ran: number, slow: number, ender?: Finding }} Rebuild
 */

/**
 * Return the steps of a project's Dockerfile after each everyday edit.
 * @param {BuildInput} project
 * @param {Finding[]} findings
 * @returns {Rebuild[]}
 */
export const rebuildsOf = (project, findings) => {
  const rebuilds = Object.entries(predictEdits(project)).map(([name, { steps }]) =>
    rebuild(name, steps),
  );
  const slow = findings.filter(({ severity, file }) => severity === "slow" && !file);
  for (const finding of rebuilds.some((each) => each.slow > 0) ? slow : []) {
    const ended = endedBy(project, finding);
    for (const each of rebuilds) {
      if (!each.ender && each.slow > 0 && ended(each)) each.ender = finding;
    }
  }
  return rebuilds;
};

/**
 * Return whether a finding ends the slow steps after an edit. If it has a fix, the fixed file is
 * predicted as well.
 * @param {BuildInput} project
 * @param {Finding} finding
 * @returns {(rebuild: Rebuild) => boolean}
 */
const endedBy = (project, { rule, fix, line, lastLine }) => {
  if (!fix) {
    return ({ name, steps }) =>
      rule === "code-before-install" &&
      CODE_EDITS.has(name) &&
      steps.some((step) => !step.cached && step.line <= lastLine && line <= step.lastLine);
  }
  const dockerfile = applyEdits(
    project.dockerfile,
    fix.filter(({ file }) => !file),
  );
  const after = predictEdits({ ...project, dockerfile });
  return ({ name, slow }) => name in after && rebuild(name, after[name].steps).slow < slow;
};

/**
 * @param {string} name
 * @param {PredictedStep[]} predicted
 * @returns {Rebuild}
 */
const rebuild = (name, predicted) => {
  const steps = predicted.map((step) => ({ ...step, isSlow: isSlow(step, predicted) }));
  return {
    name,
    steps,
    ran: steps.filter(({ cached }) => !cached).length,
    slow: steps.filter((step) => step.isSlow).length,
  };
};

/**
 * Whether a step runs again and installs packages. After a cached `uv sync`, the next one has little
 * to install.
 * @param {PredictedStep} step
 * @param {PredictedStep[]} steps
 */
const isSlow = ({ stage, line, text, cached }, steps) => {
  if (cached || !INSTALL.test(text)) return false;
  const isSecond = steps.some(
    (other) =>
      other.cached && other.stage === stage && other.line < line && UV_SYNC.test(other.text),
  );
  return !(isSecond && UV_SYNC.test(text));
};
