// @ts-check
import { indexUser, JOB_TOKEN_USER } from "../names.js";
import { SHOP } from "../sources.js";
import { replaceOnce, replaceParagraph } from "../texts.js";
import { systemPackages } from "./tests.js";

/** The workflow on GitHub. @param {Kit} kit @returns {KitFile | undefined} */
export const githubWorkflow = (kit) => {
  const { answers, read } = kit;
  if (answers.ci !== "github") return undefined;
  let text = replaceParagraph(read(SHOP, ".github/workflows/ci.yml"), "  types:\n");
  if (answers.private === "none") text = replaceParagraph(text, "env:\n  UV_INDEX_");
  // With a token that is no job token, GitLab accepts any user name.
  else if (indexUser(kit.names) !== JOB_TOKEN_USER) {
    text = replaceOnce(text, "_USERNAME: token", "_USERNAME: «indexUser»");
  }
  const packages = systemPackages(kit);
  if (packages) {
    const check = "      - run: uv lock --check\n";
    const comment = "      # Install what packages need from the operating system.\n";
    const install = `sudo apt-get install --yes --no-install-recommends ${packages}`;
    const step = `      - run: |\n          sudo apt-get update\n          ${install}\n`;
    text = replaceOnce(text, check, comment + step + check);
  }
  return {
    path: ".github/workflows/ci.yml",
    text,
    kind: "file",
    note: "GitHub runs these jobs for each pull request. The `test` job fails until you have at least one test.",
  };
};
