// @ts-check
import { atText, replaceIn } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "secret-not-required",
  title: "A build without the secret fails with a misleading error",
  advice: "Add `required=true`, so that the error names the secret.",
  severity: "untidy",
  claims: [
    "a-secret-that-is-not-required-may-be-missing",
    "a-required-secret-that-is-missing-is-named",
  ],
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) =>
        instruction.mounts
          .filter(({ type, options }) => type === "secret" && options.required !== "true")
          // A step that looks whether the file exists does without the secret.
          .filter(() => !/\[\s|\btest\s|\bif\b|\|\||:-/.test(instruction.script))
          .filter(({ options }) => isForPackages(instruction, options))
          .slice(0, 1)
          .map(({ options }) => ({
            ...atText(project, instruction, "type=secret"),
            message: `If you forget \`--secret id=${options.id}\`, the build continues, and the index rejects the request with an error about the password.`,
            fix: replaceIn(project, instruction, /type=secret/, "type=secret,required=true"),
          })),
      ),
    ),
};

/** @param {DockerfileInstruction} instruction @param {Record<string, string>} options */
const isForPackages = ({ script }, { env = "", target = "" }) =>
  /\b(?:uv|pip|poetry|git)\s/.test(script) &&
  (/^(?:UV_|PIP_|POETRY_)/.test(env) ||
    target.endsWith(".netrc") ||
    /cat\s+["']?\/run\/secrets/.test(script));
