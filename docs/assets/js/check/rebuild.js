// @ts-check
// Predict which steps of a Dockerfile run again after an edit, as BuildKit decides it.
//
// BuildKit gives each step a key. It depends on the instruction, on the key of the step above, and on
// the content of the files that the step takes from the build context or from another stage. A step
// is cached if an earlier build had a step with the same key.

import { buildSteps, Keys } from "./build-steps.js";
import { everydayEdits } from "./everyday-edits.js";

/**
 * Predict the steps of the build of `after`, if the cache has those of `before`.
 * @param {BuildInput} before
 * @param {BuildInput} after
 */
export const predict = (before, after) => predictor(before)(after);

/**
 * Predict the steps after each everyday edit of a project, by the name of the edit.
 * @param {BuildInput} project
 */
export const predictEdits = (project) => {
  const predictAfter = predictor(project);
  return Object.fromEntries(
    Object.entries(everydayEdits(project)).map(([name, after]) => [name, predictAfter(after)]),
  );
};

/**
 * Return a function that predicts the steps of a build, if the cache has those of `before`.
 * @param {BuildInput} before
 */
const predictor = (before) => {
  const keys = new Keys();
  const earlier = buildSteps(before, keys).steps;
  const known = new Set(earlier.map((step) => step.key));
  /** @param {BuildInput} after @returns {Prediction} */
  return (after) => {
    const { steps, problems } = buildSteps(after, keys);
    return {
      problems,
      steps: steps.map((step) => ({
        stage: step.stage,
        line: step.instruction.line,
        lastLine: step.instruction.lastLine,
        text: step.instruction.text,
        cached: known.has(step.key),
        cause: known.has(step.key) ? undefined : cause(step, counterpart(step, earlier)),
        after: step.inputs,
      })),
    };
  };
};

/**
 * Return the step of the earlier build that a step can be compared with.
 * @param {NumberedStep} step
 * @param {NumberedStep[]} earlier
 */
const counterpart = (step, earlier) => {
  const candidates = earlier.filter(
    ({ stage, instruction }) =>
      stage === step.stage && instruction.keyword === step.instruction.keyword,
  );
  return (
    candidates.find(({ operation }) => operation === step.operation) ??
    candidates.find(({ instruction }) => instruction.text === step.instruction.text)
  );
};

/**
 * Return why a step runs again.
 * @param {NumberedStep} step
 * @param {NumberedStep | undefined} before
 * @returns {Cause}
 */
const cause = (step, before) => {
  if (!before) return { kind: "instruction" };
  if (step.layers[0] === step.above && step.above.key !== before.above.key) {
    return { kind: step.above.step ? "above" : "image" };
  }
  if (step.operation === before.operation) return causeInSources(step.sources, before.sources);
  const names = changedVariables(step.instruction, before.instruction);
  return names.length > 0 ? { kind: "variables", names } : { kind: "instruction" };
};

/**
 * @param {Source[]} sources
 * @param {Source[]} before
 * @returns {Cause}
 */
const causeInSources = (sources, before) => {
  const at = sources.findIndex(({ key }, index) => key !== before[index]?.key);
  const { files, stage, isAssumed = false } = sources[at];
  if (stage !== undefined) return { kind: "stage", name: stage, isAssumed };
  if (!files) return { kind: "image" };
  return { kind: "files", names: changedFiles(files, before[at]?.files ?? []) };
};

/** @param {DockerfileInstruction} after @param {DockerfileInstruction} before */
const changedVariables = ({ environment: after }, { environment: before }) =>
  [...new Set([...after.keys(), ...before.keys()])].filter(
    (name) => after.get(name) !== before.get(name),
  );

/**
 * @param {import("./copied-files.js").CopiedFile[]} after
 * @param {import("./copied-files.js").CopiedFile[]} before
 */
const changedFiles = (after, before) => {
  const [now, then] = [after, before].map(
    (files) => new Map(files.map(({ path, hash }) => [path, hash])),
  );
  return [...new Set([...now.keys(), ...then.keys()])].filter(
    (path) => now.get(path) !== then.get(path),
  );
};
