// @ts-check
import { atLine, buildsOf, pipelineJobs } from "../pipeline-jobs.js";
import { isSecretName } from "../secret-names.js";

/** @type {Rule} */
export const rule = {
  id: "pipeline-secret-in-build-arg",
  title: "A pipeline passes a secret as a build argument",
  advice: "Pass the value as a build secret, and mount it in the step that needs it.",
  severity: "breaks",
  claims: ["a-token-in-arg-is-in-the-history", "a-build-secret-leaves-nothing-in-the-image"],
  noFix: "The step of the Dockerfile that reads the secret also has to mount it.",
  check: (project) =>
    pipelineJobs(project).flatMap((job) =>
      buildsOf(project, job)
        .flatMap((build) => build.arguments)
        .flatMap(({ text, node }) => {
          const [name, value = ""] = text.split(/=(.*)/s);
          // The rule about the Dockerfile finds arguments that are named like secrets.
          if (isSecretName(name) || !isSecret(value) || !isInHistory(project, name)) return [];
          const message = `\`docker history\` shows the value of \`${name}\` to everyone who has the image.`;
          return [{ ...atLine(project, job.file, node, `${name}=`), message }];
        }),
    ),
};

/** @param {string} value */
const isSecret = (value) => {
  const variable = /^["']?\$\{?(\w+)\}?["']?$/.exec(value)?.[1];
  return /\$\{\{\s*secrets\./.test(value) || (variable !== undefined && isSecretName(variable));
};

/** Only a RUN below the ARG puts the value into the history. @param {CheckedProject} project @param {string} name */
const isInHistory = ({ image }, name) => {
  const at = image.findIndex(
    ({ keyword, assignments }) => keyword === "ARG" && assignments.some(([each]) => each === name),
  );
  return at >= 0 && image.slice(at + 1).some(({ keyword }) => keyword === "RUN");
};
