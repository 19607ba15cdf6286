// @ts-check
import { at } from "../line-edits.js";
import { isSecretName } from "../secret-names.js";

/** @type {Rule} */
export const rule = {
  id: "secret-in-build-arg",
  title: "A build argument of an earlier stage holds a secret",
  advice: "Pass the value as a build secret, with `--mount=type=secret`.",
  severity: "risky",
  claims: ["a-provenance-attestation-contains-the-arguments-of-every-stage"],
  noFix: "The command that builds the image also has to pass the secret.",
  check: ({ stages, image }) =>
    stages.flatMap(({ instructions }) =>
      instructions
        .filter((instruction) => instruction.keyword === "ARG" && !image.includes(instruction))
        .flatMap((instruction) => {
          const name = instruction.assignments.map(([each]) => each).find(isSecretName);
          if (name === undefined) return [];
          const message = `The image does not have \`${name}\`, but a provenance attestation can contain it.`;
          return [{ ...at(instruction), message }];
        }),
    ),
};
