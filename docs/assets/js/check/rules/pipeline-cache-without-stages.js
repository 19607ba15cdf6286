// @ts-check
import { replaceInFile } from "../line-edits.js";
import { atLine, buildsOf, pipelineJobs } from "../pipeline-jobs.js";
import { installsDependencies } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "pipeline-cache-without-stages",
  title: "The exported cache lacks the stage that installs the packages",
  advice: "Add `mode=max` to `cache-to`.",
  severity: "slow",
  claims: [
    "without-mode-max-other-stages-are-not-exported",
    "with-mode-max-every-stage-is-exported",
  ],
  check: (project) => {
    const install = project.installs.find(
      (call) => installsDependencies(call) && !project.image.includes(call.instruction),
    );
    if (!install) return [];
    return pipelineJobs(project).flatMap((job) =>
      buildsOf(project, job)
        .flatMap(({ cacheTo }) => cacheTo)
        .filter(({ text }) => /\btype=/.test(text) && !/\bmode=max\b|\$/.test(withoutPlaces(text)))
        .map(({ text, node }) => {
          const mark = atLine(project, job.file, node, /cache-to|^\s*type=/);
          const message = `Each runner installs the packages in line ${install.instruction.line} of the Dockerfile again, because this cache has only the layers of the last stage.`;
          return { ...mark, message, fix: fixed(project, mark, text) };
        }),
    );
  },
};

/** The name of the cache may be unknown. @param {string} text */
const withoutPlaces = (text) =>
  text.replace(/\b(?:ref|scope|src|dest|url|token|name|bucket|region)=[^,]*/g, "");

/**
 * @param {CheckedProject} project
 * @param {{ file: string, line: number, lastLine: number }} mark
 * @param {string} text
 */
const fixed = (project, mark, text) => {
  // An inline cache has no other mode, and a comma would start the next item of a list in brackets.
  const content = project.input.texts?.[mark.file].split("\n")[mark.line - 1] ?? "";
  const isInList = /[[{]/.test(content.replace(/\$\{+[^}]*\}+/g, ""));
  if (/\btype=inline\b/.test(text) || isInList) return undefined;
  return /\bmode=min\b/.test(text)
    ? replaceInFile(project, mark, /\bmode=min\b/, "mode=max")
    : replaceInFile(project, mark, /(?:(?<=cache-to[\s=:]*["']?)|^\s*)type=[\w-]+/, "$&,mode=max");
};
