// @ts-check
import { CREDENTIALS } from "../secret-names.js";

/** @type {Rule} */
export const rule = {
  id: "password-in-pyproject",
  title: "pyproject.toml contains the password of an index",
  advice: "Remove the password from the URL, revoke it, and pass the new one as a build secret.",
  severity: "breaks",
  claims: ["credentials-in-an-index-url-are-not-in-the-lockfile"],
  noFix: "The build first needs a new way to get the password.",
  check: ({ input }) =>
    (input.texts?.["pyproject.toml"] ?? "").split("\n").flatMap((content, index) => {
      if (!CREDENTIALS.test(content) || /^\s*#/.test(content)) return [];
      const message =
        "Everyone who can read the repository can read this password, and so can everyone who has the image if the build copies pyproject.toml.";
      return [{ file: "pyproject.toml", line: index + 1, lastLine: index + 1, message }];
    }),
};
