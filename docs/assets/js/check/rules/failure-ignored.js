// @ts-check
import { atText } from "../line-edits.js";

const IGNORED =
  /\b(uv\s+(?:sync|run|pip\s+(?:install|sync)|export)|collectstatic|compilemessages|pip3?\s+install)\b[^\n;&|]*(?:\|\|\s*(?:true|:|echo\b|exit 0|pip3?\s+install|uv\s+(?:sync|pip))|;\s*true\s*$)/;

/** @type {Rule} */
export const rule = {
  id: "failure-ignored",
  title: "A step that fails does not stop the build",
  advice: "Let the step fail, and give it the settings that it lacks.",
  severity: "breaks",
  claims: ["collectstatic-needs-a-secret-key", "a-file-that-was-not-collected-breaks-its-page"],
  noFix: "The step would stop the build until you give it the settings that it lacks.",
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions
        .filter(
          ({ keyword, script }) =>
            keyword === "RUN" && IGNORED.test(script.replace(/\{[^}]*exit [1-9][^}]*\}/g, "")),
        )
        .map((instruction) => ({
          ...atText(project, instruction, /\|\||;\s*true/),
          message: `If \`${(IGNORED.exec(instruction.script) ?? [])[1]}\` fails, the build goes on, and you learn of it from the running container.`,
        })),
    ),
};
