// @ts-check
import { at } from "../line-edits.js";
import { isSecretName } from "../secret-names.js";

/** @type {Rule} */
export const rule = {
  id: "secret-in-arg",
  title: "A build argument stores a secret in the image",
  advice: "Pass the value as a build secret, with `--mount=type=secret`.",
  severity: "breaks",
  claims: ["a-token-in-arg-is-in-the-history", "a-build-secret-leaves-nothing-in-the-image"],
  noFix: "The command that builds the image also has to pass the secret.",
  check: ({ image }) =>
    image.flatMap((instruction, index) => {
      if (instruction.keyword !== "ARG") return [];
      // Only a RUN below the line puts the value into the history.
      const isFollowed = image.slice(index + 1).some(({ keyword }) => keyword === "RUN");
      const names = instruction.assignments.flatMap(([name]) => (isSecretName(name) ? [name] : []));
      if (!isFollowed || names.length === 0) return [];
      const message = `\`docker history\` shows the value of \`${names[0]}\` to everyone who has the image.`;
      return [{ ...at(instruction), message }];
    }),
};
