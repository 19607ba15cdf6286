// @ts-check
import { settingsPaths } from "../names.js";
import { LOCK_STAGE, LOCK_STAGE_C, PATTERN_A, PATTERN_B, PATTERN_C } from "../sources.js";
import {
  changeComment,
  comment,
  insertAfter,
  insertBefore,
  lines,
  paragraph,
  paragraphs,
  replaceOnce,
  replaceParagraph,
  withoutLines,
} from "../texts.js";
import {
  aptParagraph,
  INSTALL,
  withExtras,
  withFolders,
  withIndexSecret,
  withPlaceholders,
  withServer,
  withStaticComment,
} from "./dockerfile-parts.js";

// Of the two installs of Pattern C and its test stage, the one that needs a token.
const FIRST_INSTALL = "Mount only the two files that determine";

/** The two phases of Pattern C. @param {Kit} kit */
export const patternC = (kit) => {
  const { answers, read } = kit;
  const hasLockStage = answers.lockStage === "yes";
  let text = read(hasLockStage ? LOCK_STAGE_C : PATTERN_C, "Dockerfile");
  text = withSystemPackages(text, kit);
  if (answers.private !== "git") text = withoutGit(text, kit);
  if (answers.private === "index") text = withIndexSecret(text, FIRST_INSTALL, kit);
  text = answers.layout === "plain" ? withPlainLayout(text, kit) : withPackage(text, kit);
  return withServer(withPlaceholders(withVolume(withExtras(text, kit), kit), kit), kit);
};

/**
 * Install run-time libraries in the base, and the compiler where packages are installed.
 * @param {string} text
 * @param {Kit} kit
 */
const withSystemPackages = (text, kit) => {
  const { answers, names, read } = kit;
  let result = text;
  if (answers.system !== "none" && names.libraries.length > 0) {
    result = insertAfter(result, "\nFROM python:", aptParagraph(kit));
  }
  if (answers.system === "compiler") {
    const compiler = paragraph(read(PATTERN_B, "Dockerfile"), "«header»");
    // Official Python images contain Python's headers.
    const headers = compiler.replace(`\n${lines(compiler, "PYTHON_VERSION}-dev")}`, "");
    result = insertAfter(result, " AS packages", headers);
  }
  return result;
};

/** No step needs Git or a token. @param {string} text @param {Kit} kit */
const withoutGit = (text, kit) => {
  let result = replaceParagraph(text, "no-install-recommends git");
  result = replaceParagraph(result, "RUN git config");
  result = changeComment(result, "FROM base AS prod", (words) =>
    replaceOnce(words, "uv, Git, the", "uv, the"),
  );
  if (kit.answers.lockStage === "yes") return withPublicLockStage(result, kit);
  result = changeComment(result, "FROM base AS packages", (words) =>
    words.replace(/ Only this phase .*/, ""),
  );
  result = changeComment(result, FIRST_INSTALL, (words) =>
    words.replace(/ Neither the cache nor .*/, ""),
  );
  result = withoutLines(result, "--mount=type=secret,id=git_token");
  if (kit.answers.private === "none") {
    result = withoutLines(result, "# This step does not need a token", "# installed.");
  }
  return result;
};

/** Public packages have hashes. @param {string} text @param {Kit} kit */
const withPublicLockStage = (text, { read }) => {
  const example = read(LOCK_STAGE, "Dockerfile");
  const own = paragraph(text, "uv pip sync");
  const other = paragraph(example, "uv pip sync");
  const command = lines(own, "uv pip sync").replace("requirements.txt", "--require-hashes $&");
  const installed = other.replace(lines(other, "uv pip sync"), command);
  const fetched = comment("This stage adds uv, which the production image does not contain.");
  let result = replaceParagraph(text, "uv pip sync", installed);
  result = replaceParagraph(result, "uv export", paragraph(example, "uv export"));
  return replaceParagraph(result, "FROM base AS fetch", `${fetched}\nFROM base AS fetch`);
};

/** The project is not a package: copy manage.py, the settings and the apps. @param {string} text @param {Kit} kit */
const withPlainLayout = (text, kit) => {
  const { answers, read } = kit;
  const example = withStaticComment(withFolders(read(LOCK_STAGE, "Dockerfile")), kit);
  const copied = [
    "COPY manage.py ./",
    "collectstatic --noinput",
    "COPY gunicorn.conf.py",
    "compileall",
  ];
  let result = replaceParagraph(
    text,
    "django-admin collectstatic",
    ...copied.map((anchor) => paragraph(example, anchor)),
  );
  result = replaceParagraph(result, "# Phase two installs");
  result = replaceParagraph(result, "\nHEALTHCHECK", paragraph(example, "\nHEALTHCHECK"));
  if (answers.lockStage === "no") {
    result = withoutTestStage(result).replace(`${INSTALL} --no-install-project`, INSTALL);
  }
  if (answers.server === "uvicorn") {
    result = replaceOnce(
      result,
      "COPY gunicorn.conf.py healthcheck.py ./",
      "COPY healthcheck.py ./",
    );
  }
  result = changeComment(result, " AS packages", (words) =>
    replaceOnce(
      words,
      "Phase one installs every package except the project itself.",
      "This stage installs the packages.",
    ).replace("Only this phase", "Only this stage"),
  );
  return changeComment(result, "FROM base AS prod", (words) =>
    replaceOnce(words, "uv, Git, the source folder or the cache", "uv, Git or the cache"),
  );
};

/** @param {string} text */
const withoutTestStage = (text) => {
  const parts = paragraphs(text);
  const start = parts.findIndex((part) => part.includes("FROM packages AS test"));
  const end = parts.indexOf('CMD ["pytest"]');
  return `${[...parts.slice(0, start), ...parts.slice(end + 1)].join("\n\n")}\n`;
};

/** Mount the modules of apps, which collectstatic imports. @param {string} text @param {Kit} kit */
const withPackage = (text, { answers, names, project }) => {
  const module = "src/«settings»/«package»/__init__.py";
  const mounted = lines(text, "source=src/«settingsPath»");
  const own = `src/${settingsPaths(names, answers, project).mounted}`;
  // A mounted folder already has the settings in it.
  const around = names.static.find((folder) => `${own}/`.startsWith(`${folder}/`));
  const start = around ? mounted.replaceAll("src/«settingsPath»", around) : mounted;
  const result = replaceOnce(
    around ? withoutFolder(text, names.static, around) : text,
    mounted,
    `${start}\n    --mount=type=bind,source=${module},target=/${module} \\`,
  );
  if (answers.server === "uvicorn") return result;
  const settings = `${comment("gunicorn reads its settings from the working directory.")}\nCOPY gunicorn.conf.py ./`;
  return insertBefore(result, "ENV PYTHONUNBUFFERED", settings);
};

/** Mount the static folders apart from one. @param {string} text @param {string[]} folders @param {string} other */
const withoutFolder = (text, folders, other) => {
  const mounted = lines(text, "source=«static»");
  const own = folders.filter((folder) => folder !== other);
  const rows = own.map((folder) => `${mounted.replaceAll("«static»", folder)}\n`);
  return replaceOnce(text, `${mounted}\n`, rows.join(""));
};

/** Keep a SQLite database on a volume. @param {string} text @param {Kit} kit */
const withVolume = (text, { answers, read }) => {
  if (answers.database === "postgresql") return text;
  const example = read(PATTERN_A, "Dockerfile");
  return insertBefore(
    replaceParagraph(text, "RUN useradd", paragraph(example, "RUN useradd")),
    "\nUSER 10001",
    paragraph(example, "ENV DATABASE_PATH"),
  );
};
