// @ts-check
import { LOCK_STAGE, LOCK_STAGE_C, PATTERN_A, PATTERN_B } from "../sources.js";
import {
  commentOf,
  insertBefore,
  lines,
  paragraph,
  replaceOnce,
  replaceParagraph,
  withComment,
} from "../texts.js";
import {
  INSTALL,
  withExtras,
  withFolders,
  withIndexSecret,
  withServer,
  withStaticComment,
} from "./dockerfile-parts.js";

const APP = "COPY «package»/__init__.py «package»/";
const DEV_INSTALL = "uv sync --locked --all-extras";

/** The stages of Pattern B on Ubuntu. @param {Kit} kit */
export const patternB = (kit) => {
  const { answers, read } = kit;
  let text = withFolders(read(PATTERN_B, "Dockerfile"));
  if (answers.database === "sqlite") {
    const path = paragraph(read(PATTERN_A, "Dockerfile"), "ENV DATABASE_PATH");
    text = replaceParagraph(text, "ENV MEDIA_ROOT", path);
    const other = paragraph(read(PATTERN_A, "Dockerfile"), "collectstatic --noinput");
    // Ubuntu's Python has the bytecode of its standard library.
    const shorter = withComment(other, (words) => words.split(" The step runs as root")[0]);
    text = replaceParagraph(text, "collectstatic --noinput", shorter);
  }
  if (answers.private === "index") {
    text = withIndexSecret(text, INSTALL, kit);
    text = withIndexSecret(text, DEV_INSTALL, kit, false);
  }
  if (answers.lockStage === "yes") text = withLockStage(text, kit);
  if (answers.server === "uvicorn") {
    text = replaceOnce(text, "COPY healthcheck.py gunicorn.conf.py ./", "COPY healthcheck.py ./");
  }
  text = withStaticComment(replaceOnce(text, APP, `${APP}\nCOPY «static» «static»`), kit);
  return withServer(withExtras(text, kit), kit);
};

/**
 * Export the packages in a stage of its own, and install them from the exported file.
 * @param {string} text
 * @param {Kit} kit
 */
const withLockStage = (text, { read }) => {
  const example = read(LOCK_STAGE, "Dockerfile");
  const uv = paragraph(text, "ghcr.io/astral-sh/uv");
  const python = paragraph(text, "ENV UV_PYTHON=");
  const install = paragraph(text, INSTALL);
  const [why] = commentOf(paragraph(example, "uv pip sync")).split(" The cache mount");
  const installed = withComment(install, (words) =>
    words.replace(/^Install what production needs.* pyproject\.toml\./, why),
  );
  const command = lines(read(LOCK_STAGE_C, "Dockerfile"), "uv pip sync requirements.txt").replace(
    "requirements.txt",
    "--python /opt/venv --require-hashes requirements.txt",
  );
  const copied = paragraph(text, "COPY pyproject.toml uv.lock ./");
  const withStages = insertBefore(
    text,
    "FROM base AS build",
    paragraph(example, "FROM base AS lock"),
    uv,
    python,
    paragraph(example, "uv export"),
  );
  const withInstall = replaceParagraph(
    replaceParagraph(withStages, copied, paragraph(example, "COPY --from=lock")),
    install,
    `${installed.slice(0, installed.indexOf("    uv sync"))}${command}`,
  );
  return insertBefore(withInstall, DEV_INSTALL, copied.split("\n").at(-1) ?? "");
};
