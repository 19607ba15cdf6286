// @ts-check
// What the checker cannot answer because a reader pasted a Dockerfile without the other files.

import { IGNORE_FILE } from "../check/file-names.js";

/** @type {{ file: string, isGiven: RegExp, topic: string }[]} */
const FILES = [
  {
    file: "pyproject.toml",
    isGiven: /(?:^|\/)pyproject\.toml$/,
    topic: "dependency groups and the server",
  },
  { file: "uv.lock", isGiven: /(?:^|\/)uv\.lock$/, topic: "the packages" },
  { file: IGNORE_FILE, isGiven: /^$/, topic: "the files that are copied" },
  { file: "compose.yaml", isGiven: /compose[^/]*\.ya?ml$/, topic: "mounts and users" },
  {
    file: ".gitlab-ci.yml",
    isGiven: /(?:gitlab-ci[^/]*|workflows\/[^/]+)\.ya?ml$/,
    topic: "pipelines",
  },
];

/**
 * Return the files whose absence leaves a question open. In a chosen folder, a missing file is an
 * answer.
 * @param {CheckInput} input
 */
export const missingFiles = ({ files, dockerignore, texts = {} }) =>
  files
    ? []
    : FILES.filter(({ file, isGiven }) =>
        file === IGNORE_FILE
          ? dockerignore === undefined
          : !Object.keys(texts).some((path) => isGiven.test(path)),
      );
