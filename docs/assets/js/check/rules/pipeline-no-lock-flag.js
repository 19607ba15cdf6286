// @ts-check
import { firstOnEachLine, replaceInFile } from "../line-edits.js";
import { clean } from "../paths.js";
import { atLine, jobCommands, pipelineJobs } from "../pipeline-jobs.js";
import { isFrozen, isLocked, runSyncs, uvCall } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "pipeline-no-lock-flag",
  title: "A pipeline job can use other versions than those in the lockfile",
  advice: "Pass `--locked`, or set `UV_LOCKED: 1` for the job.",
  severity: "risky",
  claims: ["with-neither-uv-sync-locks-again", "uv-run-locks-again"],
  check: (project) =>
    project.input.files?.["uv.lock"] === undefined
      ? []
      : firstOnEachLine(pipelineJobs(project).flatMap((job) => unlocked(project, job))),
};

/** @param {CheckedProject} project @param {PipelineJob} job @returns {RuleFinding[]} */
const unlocked = (project, job) => {
  const calls = callsIn(project, job);
  const first = calls.findIndex(({ call }) => isInstall(call));
  if (first < 0 || calls.some(({ call }) => changesLockfile(call))) return [];
  const before = calls.slice(0, first + 1);
  if (before.some(({ call }) => isLocked(call) || isFrozen(call))) return [];
  const { call, node } = calls[first];
  const expression = new RegExp(`\\buv ${call.name}\\b`);
  const mark = atLine(project, job.file, node, expression);
  const message = `If uv.lock is out of date, \`uv ${call.name}\` updates it in the job \`${job.name}\`, which then uses versions that are not in your repository.`;
  return [
    { ...mark, message, fix: replaceInFile(project, mark, expression, `uv ${call.name} --locked`) },
  ];
};

/**
 * Return the uv commands that work on the project, each with the part of the file that has it.
 * @param {CheckedProject} project
 * @param {PipelineJob} job
 */
const callsIn = (project, job) =>
  job.steps
    .flatMap((step) => jobCommands(project, step))
    .filter(({ workdir }) => clean(`${job.root}/${workdir}`) === (project.input.context ?? ""))
    .flatMap(({ node, ...command }) => {
      const call = uvCall(command);
      return call ? [{ call, node }] : [];
    });

/** @param {UvCall} call */
const isInstall = (call) =>
  (call.name === "sync" && !has(call, "--script", "--dry-run")) ||
  // A script can have its own dependencies.
  (call.name === "run" && runSyncs(call) && !/\.py$/.test(call.operands[0] ?? ""));

/** Such a job is there to update the lockfile. @param {UvCall} call */
const changesLockfile = (call) =>
  /^(?:add|remove)$/.test(call.name) ||
  (call.name === "lock" && !isLocked(call)) ||
  has(call, "--upgrade", "--upgrade-package");
