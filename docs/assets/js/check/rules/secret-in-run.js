// @ts-check
import { atText } from "../line-edits.js";
import { CREDENTIALS, isSecretName } from "../secret-names.js";

/** @type {Rule} */
export const rule = {
  id: "secret-in-run",
  title: "A password is written in the Dockerfile",
  advice: "Change the password, and pass the new one as a build secret.",
  severity: "breaks",
  claims: ["a-build-secret-leaves-nothing-in-the-image"],
  noFix: "The command that builds the image also has to pass the secret.",
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword }) => keyword === "RUN")
        .flatMap((instruction) => {
          const address = CREDENTIALS.exec(instruction.script);
          const isLocal = /@(?:localhost|127\.0\.0\.1|db|postgres|none|example\.\w+)\b/.test(
            instruction.script,
          );
          const index = literalPassword(instruction.script);
          if (index === undefined && (!address || isLocal)) return [];
          const mark = index ?? "://";
          const message =
            "Everyone who can read the Dockerfile or its build log has this password.";
          return [{ ...atText(project, instruction, mark), message }];
        }),
    ),
};

/** Return the variable of an index or of Git that gets a literal value. @param {string} script */
const literalPassword = (script) =>
  [
    ...script.matchAll(
      /\b(UV_INDEX_\w+|GIT\w*|GITHUB_\w+|GITLAB_\w+|PYPI_\w+)=(["']?)([^\s$"']+)\2/g,
    ),
  ]
    .map(([, name]) => name)
    .find(isSecretName);
