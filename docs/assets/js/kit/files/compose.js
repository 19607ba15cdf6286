// @ts-check
import { codeFolder } from "../names.js";
import { PATTERN_A, PATTERN_B, PATTERN_C, SHOP } from "../sources.js";
import {
  changeComment,
  insertBefore,
  lines,
  paragraph,
  replaceOnce,
  replaceParagraph,
  withoutLines,
} from "../texts.js";
import { withServiceVariables } from "./variables.js";

const SECRETS = { none: "", git: "git_token", index: "package_password" };

/** The Compose file, and with Pattern B another for production. @param {Kit} kit @returns {KitFile[]} */
export const compose = (kit) => {
  const { answers, pattern, read } = kit;
  /** @type {KitFile} */
  const file = {
    path: "compose.yaml",
    text: "",
    kind: "file",
    note: "`docker compose up --build --wait` starts the service on a laptop.",
  };
  if (pattern !== "b") {
    const text = answers.database === "sqlite" ? onSqlite(kit) : onPostgresql(kit);
    return [{ ...file, text: withServiceVariables(text, kit) }];
  }
  return [
    { ...file, text: withServiceVariables(forDevelopment(kit), kit) },
    {
      path: "compose.prod.yaml",
      text: read(PATTERN_B, "compose.prod.yaml"),
      kind: "file",
      note: "If you pass this file in addition to compose.yaml, Compose starts the production image.",
    },
  ];
};

/** @param {Kit} kit */
const onSqlite = (kit) => {
  const { answers, read } = kit;
  let text = read(PATTERN_A, "compose.yaml");
  if (answers.private !== "none") {
    const build = lines(read(SHOP, "compose.yaml"), "  build:", "secrets:");
    text = replaceOnce(text, "  build: .", build.replace(SECRETS.index, SECRETS[answers.private]));
  }
  const command = migration(read(PATTERN_C, "compose.yaml"));
  if (answers.layout === "src") text = replaceOnce(text, migration(text), command);
  return withSecrets(text, kit);
};

/** @param {Kit} kit */
const onPostgresql = (kit) => {
  const { answers, read } = kit;
  let text = read(PATTERN_C, "compose.yaml");
  const hasTests = answers.layout === "src" && answers.lockStage === "no";
  if (!hasTests) text = replaceParagraph(text, "  test:\n");
  if (answers.layout === "plain") {
    text = replaceOnce(text, migration(text), migration(read(PATTERN_A, "compose.yaml")));
  }
  if (answers.private === "none") {
    text = text.replace(/x-build: &build\n {2}secrets: .*\n\n/, "");
    text = replaceOnce(
      text,
      "  build: *build",
      lines(read(PATTERN_A, "compose.yaml"), "  build: ."),
    );
    if (hasTests) text = withoutLines(text, "      <<: *build");
    return replaceParagraph(text, "secrets:\n  git_token:");
  }
  return text
    .replaceAll(SECRETS.git, SECRETS[answers.private])
    .replace(".git-token", secretFile(kit));
};

/** The line that migrates the database. @param {string} text */
const migration = (text) => lines(text, '"migrate"');

/** @param {Kit} kit */
const forDevelopment = (kit) => {
  const { answers, names, read } = kit;
  let text = read(PATTERN_B, "compose.yaml");
  const code = codeFolder(names, answers);
  if (code) text = replaceOnce(text, "path: ., target", `path: ${code.slice(0, -1)}, target`);
  if (answers.private !== "none") {
    const args = lines(text, "    args:");
    text = replaceOnce(text, args, `${args}\n    secrets: [${SECRETS[answers.private]}]`);
  }
  if (answers.database === "sqlite") {
    const example = read(PATTERN_A, "compose.yaml");
    text = changeComment(text, "# Run PostgreSQL", (words) =>
      replaceOnce(words, "PostgreSQL and ", ""),
    );
    text = replaceOnce(
      text,
      lines(text, "  environment:", "DATABASE_PASSWORD"),
      lines(example, "  volumes: ["),
    );
    text = replaceOnce(text, `${lines(text, "  db:", "start_interval")}\n\n`, "");
    text = replaceOnce(text, `${lines(text, "    depends_on:", "service_healthy")}\n`, "");
    text = replaceOnce(text, "volumes:\n  db:", "volumes:\n  data:");
  }
  return withSecrets(text, kit);
};

/** Define the build secret before the volumes. @param {string} text @param {Kit} kit */
const withSecrets = (text, kit) => {
  const { private: origin } = kit.answers;
  if (origin === "none") return text;
  const defined = paragraph(kit.read(SHOP, "compose.yaml"), "secrets:\n  package_password:")
    .replace(SECRETS.index, SECRETS[origin])
    .replace(".package-password", secretFile(kit));
  return insertBefore(text, "volumes:\n", defined);
};

/** The file with the token or the password. @param {Kit} kit */
export const secretFile = ({ answers }) =>
  answers.private === "git" ? ".git-token" : ".package-password";
