// @ts-check
import { at } from "../line-edits.js";
import { CREDENTIALS, isSecretName } from "../secret-names.js";

/** @type {Rule} */
export const rule = {
  id: "secret-in-env",
  title: "Every container gets a secret from the image",
  advice:
    "Set the variable on the `RUN` that needs it, and pass the real value when the container starts.",
  severity: "breaks",
  claims: ["a-token-in-env-is-in-each-container", "a-key-set-with-env-is-that-of-each-container"],
  noFix: "You have to set the variable where a container starts.",
  check: ({ image, isDevelopment, shipped }) =>
    isDevelopment
      ? []
      : image
          .filter(({ keyword }) => keyword === "ENV")
          .flatMap((instruction) => {
            const found = instruction.assignments.find(
              ([name, value = ""]) =>
                value !== "" && (isSecretName(name) || CREDENTIALS.test(value)),
            );
            if (!found) return [];
            const message =
              shipped.end.environment.get(found[0]) === ""
                ? `\`${found[0]}\` is in the image's history, although a later line empties it.`
                : `\`${found[0]}\` is in the image's history and in every container, and a container that gets no other value runs with this one.`;
            return [{ ...at(instruction), message }];
          }),
};
