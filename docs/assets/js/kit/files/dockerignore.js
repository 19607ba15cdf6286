// @ts-check
import { LOCK_STAGE, PATTERN_A, PATTERN_B, PATTERN_C } from "../sources.js";
import { changeComment, replaceOnce } from "../texts.js";
import { secretFile } from "./compose.js";

/** The files that the build does not get. @param {Kit} kit @returns {KitFile} */
export const dockerignore = (kit) => ({
  path: ".dockerignore",
  text: kit.answers.layout === "src" ? allowlist(kit) : denylist(kit),
  kind: "file",
  note: "This file determines which files the build can read.",
});

/** @param {Kit} kit */
const allowlist = (kit) => {
  const { answers, read } = kit;
  const secret = answers.private === "none" ? "" : `${secretFile(kit)}, `;
  const text = changeComment(read(PATTERN_C, ".dockerignore"), "\n!src", (words) =>
    replaceOnce(words, ".git-token, .git or .env", `${secret}.git or .env`),
  );
  return answers.server === "gunicorn"
    ? replaceOnce(text, "!src\n", "!gunicorn.conf.py\n!src\n")
    : text;
};

/** @param {Kit} kit */
const denylist = (kit) => {
  const { answers, pattern, read } = kit;
  const single = answers.lockStage === "yes" ? LOCK_STAGE : PATTERN_A;
  let text = read(pattern === "b" ? PATTERN_B : single, ".dockerignore");
  const more = [
    ...(answers.private === "none" ? [] : [secretFile(kit)]),
    ...(answers.ci === "gitlab" ? [".gitlab-ci.yml"] : []),
    ...(answers.ci === "github" ? [".github"] : []),
    ...(pattern === "b" && answers.database === "sqlite" ? ["**/*.sqlite3*"] : []),
  ];
  if (more.length > 0) text = replaceOnce(text, "**/.env*\n", `**/.env*\n${more.join("\n")}\n`);
  return answers.agents === "yes"
    ? replaceOnce(text, "README.md\n", "README.md\nAGENTS.md\n")
    : text;
};
