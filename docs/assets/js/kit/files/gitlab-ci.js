// @ts-check
import { indexUser, JOB_TOKEN_USER } from "../names.js";
import { SHOP } from "../sources.js";
import { replaceOnce, replaceParagraph, withoutLines } from "../texts.js";
import { systemPackages } from "./tests.js";

/** The pipeline on GitLab. @param {Kit} kit @returns {KitFile | undefined} */
export const gitlabCi = (kit) => {
  const { answers, read } = kit;
  if (answers.ci !== "gitlab") return undefined;
  let text = replaceParagraph(read(SHOP, ".gitlab-ci.yml"), "\ntypes:\n");
  if (answers.private === "none") {
    text = withoutLines(text, "UV_INDEX_«INDEX»_USERNAME", "UV_INDEX_«INDEX»_PASSWORD");
    text = withoutLines(text, "--secret id=package_password");
  } else if (indexUser(kit.names) !== JOB_TOKEN_USER) {
    // A job token is only for GitLab's own index.
    text = replaceOnce(text, `_USERNAME: ${JOB_TOKEN_USER}`, "_USERNAME: «indexUser»");
    text = text.replaceAll("CI_JOB_TOKEN", "PACKAGE_PASSWORD");
  }
  const packages = systemPackages(kit);
  if (packages) {
    const start = "test:\n  stage: check\n  script:\n";
    const comment = "    # Install what packages need from the operating system.\n";
    const command = `    - apt-get update\n    - apt-get install --yes --no-install-recommends ${packages}\n`;
    text = replaceOnce(text, start, start + comment + command);
  }
  return {
    path: ".gitlab-ci.yml",
    text,
    kind: "file",
    note: `GitLab runs these jobs for each commit. The \`test\` job fails until you have at least one test.${text.includes("PACKAGE_PASSWORD") ? " Define the CI/CD variable `PACKAGE_PASSWORD` first." : ""}`,
  };
};
