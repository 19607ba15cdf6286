// @ts-check
// The steps that run again after everyday edits, and the finding that would end the slow ones.

import { predictEdits } from "../check/rebuild.js";

const INSTALL =
  /\b(?:uv (?:sync|pip (?:install|sync))|poetry install|pipenv (?:install|sync)|pdm (?:install|sync)|pip3? install|pip-sync|apt-get|apk add|npm (?:ci|install)|yarn install|pnpm install|conda (?:env|install)|cargo build)\b/;
const UV_SYNC = /\buv sync\b/;

/**
 * @typedef {PredictedStep & { isSlow: boolean }} RebuiltStep
 * @typedef {{ name: string, steps: RebuiltStep[], ran: number, slow: number, ender?: Finding }} Rebuild
 */

/**
 * Return the steps of a project's Dockerfile after each everyday edit.
 * @param {BuildInput} project
 * @param {Finding[]} findings
 * @returns {{ rebuilds: Rebuild[], problems: DockerfileProblem[] }}
 */
export const rebuildsOf = (project, findings) => {
  const predictions = Object.entries(predictEdits(project));
  return {
    rebuilds: predictions.map(([name, { steps }]) => rebuild(name, steps, findings)),
    problems: predictions[0]?.[1].problems ?? [],
  };
};

/**
 * @param {string} name
 * @param {PredictedStep[]} predicted
 * @param {Finding[]} findings
 * @returns {Rebuild}
 */
const rebuild = (name, predicted, findings) => {
  const steps = predicted.map((step) => ({ ...step, isSlow: isSlow(step, predicted) }));
  const slow = steps.filter((step) => step.isSlow).length;
  return {
    name,
    steps,
    ran: steps.filter(({ cached }) => !cached).length,
    slow,
    ender: slow > 0 ? enderOf(steps, findings) : undefined,
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

/**
 * Return the finding about slow builds that is on a step that runs again.
 * @param {RebuiltStep[]} steps
 * @param {Finding[]} findings
 */
const enderOf = (steps, findings) =>
  findings.find(
    ({ severity, file, line, lastLine }) =>
      severity === "slow" &&
      !file &&
      steps.some((step) => !step.cached && step.line <= lastLine && line <= step.lastLine),
  );
