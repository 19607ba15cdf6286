// @ts-check
// What the checker cannot answer because a reader pasted a Dockerfile without the other files.

import { IGNORE_FILE } from "../check/file-names.js";

/** @type {{ file: string, isGiven: RegExp, topic?: string, unknown: string }[]} */
const FILES = [
  {
    file: "pyproject.toml",
    isGiven: /(?:^|\/)pyproject\.toml$/,
    topic: "groups and the server",
    unknown:
      "whether a step installs your server, which groups are for development, and whether the base image has a Python that your project accepts",
  },
  {
    file: "uv.lock",
    isGiven: /(?:^|\/)uv\.lock$/,
    topic: "packages",
    unknown: "whether the lockfile matches pyproject.toml, and which packages get installed",
  },
  {
    file: IGNORE_FILE,
    isGiven: /^$/,
    topic: "what is copied",
    unknown: "whether `.env`, `.git` and your own `.venv` stay out of the image",
  },
  {
    file: "compose.yaml",
    isGiven: /compose[^/]*\.ya?ml$/,
    topic: "mounts and users",
    unknown:
      "whether Compose undoes a setting of the image, such as with a mount over the virtual environment or with `user: root`",
  },
  {
    file: ".gitlab-ci.yml",
    isGiven: /(?:gitlab-ci[^/]*|workflows\/[^/]+)\.ya?ml$/,
    unknown: "whether a GitLab or GitHub pipeline installs what the lockfile lists",
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
      ).map(({ isGiven, ...each }) => each);
