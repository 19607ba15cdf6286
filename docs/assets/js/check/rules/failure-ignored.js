// @ts-check
import { atText } from "../line-edits.js";

const IGNORED =
  /\b(uv\s+(?:sync|run|pip\s+(?:install|sync)|export)|collectstatic|compilemessages|pip3?\s+install)\b[^\n;&|]*(?:\|\|\s*(?:true|:|echo\b|exit 0|pip3?\s+install|uv\s+(?:sync|pip))|;\s*true\s*$)/;

/** @type {Rule} */
export const rule = {
  id: "failure-ignored",
  title: "A step that fails does not stop the build",
  advice: "Let the step fail, and set the variables that it needs.",
  severity: "breaks",
  claims: [
    "collectstatic-needs-a-secret-key",
    "a-file-that-was-not-collected-breaks-its-page",
    "an-ignored-error-of-collectstatic-leaves-no-files",
  ],
  notTried: "Other commands whose failure a shell ignores.",
  noFix: "The step would stop the build until you set the variables that it needs.",
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions
        .filter(
          ({ keyword, script }) =>
            keyword === "RUN" && IGNORED.test(script.replace(/\{[^}]*exit [1-9][^}]*\}/g, "")),
        )
        .map((instruction) => ({
          ...atText(project, instruction, /\|\||;\s*true/),
          message: `If \`${(IGNORED.exec(instruction.script) ?? [])[1]}\` fails, the build continues, and you only notice it when the container runs.`,
        })),
    ),
};
