// @ts-check
import { PAGES } from "../notices.js";
import { secretFile } from "./compose.js";

/** The name of the instructions, which must not replace the README.md of a project. */
export const README = "KIT-README.md";

/**
 * The steps that remain for the reader, in order.
 * @param {Kit} kit
 * @param {KitFile[]} files
 * @param {{ move?: KitNotice, notices: KitNotice[] }} own
 * @returns {KitFile}
 */
export const readme = (kit, files, { move, notices }) => {
  const { project } = kit;
  const first = project && move ? [`${withPage(move, project.site)}\n`] : [];
  const numbered = [...first, ...steps(kit, files)].map((text, index) => `${index + 1}. ${text}`);
  const start = START + before(notices, project);
  return { path: README, text: `${start}\n${numbered.join("\n")}\n`, kind: "file", note: NOTE };
};

/** What to know before the first build. @param {KitNotice[]} notices @param {KitProject} [project] */
const before = (notices, project) => {
  const { notes, site } = project ?? { notes: [], site: "" };
  const rows = [
    ...notices.map((notice) => withPage(notice, site)),
    ...notes.map((note) => readNote(note, site)),
  ].map((text) => `- ${text.replace(/[«»]/g, "")}\n`);
  return rows.length > 0 ? `\n## Before you build\n\n${rows.join("")}\n## Steps\n` : "";
};

/** @param {KitNotice} notice @param {string} site */
const withPage = ({ text, page }, site) =>
  page ? `${text} See [${PAGES[page]}](${site}${page}/).` : text;

/** @param {KitProject["notes"][number]} note @param {string} site */
const readNote = ({ text, file, claims = [] }, site) => {
  const linked = Object.entries(PAGES).reduce(
    (words, [page, title]) => words.replace(`“${title}”`, `[${title}](${site}${page}/)`),
    text,
  );
  const tests = claims.map(
    (claim) => ` [See the test](${site}reference/tested-statements/#${claim})`,
  );
  const origin = file ? `**${file}:** ` : "";
  return `${origin}${linked}${tests.join("")}`;
};

/**
 * Return what the instructions add if the page has merged lines into files of the reader.
 * @param {{ path: string, conflicts: string[] }[]} files
 */
export const mergedText = (files) => {
  const rows = files.flatMap(({ path, conflicts }) =>
    conflicts.map((each) => `- \`${path}\` contains a different value. Use \`${each}\` instead.\n`),
  );
  return rows.length > 0 ? `${MERGED}\n${rows.join("")}` : MERGED;
};

const MERGED = `
The folder \`merged\` has your own files with the lines of \`to-merge\` in them. You can copy them
instead of merging the lines yourself. Check the differences, and do not commit the folder.
`;

const NOTE = "This file lists the remaining steps in order. Delete it afterwards.";

const START = `# Files for «project»

These files build an image of your project with uv. Follow the steps in the folder that contains
your \`pyproject.toml\`.
`;

/** @param {Kit} kit @param {KitFile[]} files */
const steps = (kit, files) => [
  copyStep(files),
  ...files.filter(({ kind }) => kind === "merge").map(mergeStep),
  ...(kit.answers.layout === "src" ? [READ_NO_README] : []),
  ...(kit.answers.private === "none" ? [] : [secretStep(kit)]),
  lockStep(kit),
  buildStep(kit),
  step("Check the health of the service. The command prints `ok`:", [
    "curl --fail http://localhost:«port»/healthz",
  ]),
  "Delete `to-merge` and this file, and commit all other files.",
];

const READ_NO_README =
  "Remove `readme` from `pyproject.toml` if you have set it, because `.dockerignore` excludes the README from the build.\n";

/** @param {string} sentence @param {string[]} commands */
const step = (sentence, commands) => {
  const lines = ["```sh", ...commands, "```"].map((line) => `   ${line}\n`);
  return `${sentence}\n\n${lines.join("")}`;
};

/** @param {KitFile[]} files */
const copyStep = (files) => {
  const paths = files.filter(({ kind }) => kind === "file").map(({ path }) => `   - \`${path}\`\n`);
  return `Copy these files into the folder. If you already have a file with the same name, compare the two files first.\n\n${paths.join("")}`;
};

/** @param {KitFile} file */
const mergeStep = ({ note, path }) => `Merge \`to-merge/${path}\` into \`${path}\`. ${note}\n`;

/** Without a newline at its end, the last line of .gitignore would become part of the name. @param {Kit} kit */
const secretStep = (kit) => {
  const file = secretFile(kit);
  const content = kit.answers.private === "git" ? "token" : "password";
  return step(
    `Write the ${content} into \`${file}\` without a trailing newline, and keep the file out of Git. Set the variable \`SECRET\` to the ${content} first:`,
    [`printf %s "$SECRET" > ${file}`, `printf "\\n%s\\n" ${file} >> .gitignore`],
  );
};

// The lines for the settings stand apart from the imports that the settings already have.
const RUFF = "uv run --locked --only-group lint ruff check --fix .";

/** @param {Kit} kit */
const lockStep = (kit) => {
  const { ci, private: origin } = kit.answers;
  const credentials = [
    "export UV_INDEX_«INDEX»_USERNAME=«indexUser»",
    `export UV_INDEX_«INDEX»_PASSWORD="$(cat ${secretFile(kit)})"`,
  ];
  const sentences = [
    "Create or update `uv.lock`.",
    ...(origin === "git" ? ["Git on your machine needs access to the private repository."] : []),
    ...(origin === "index"
      ? ["uv reads the user name and the password of the index from two environment variables."]
      : []),
    ...(ci === "none" ? [] : ["The pipeline runs Ruff, so let Ruff fix what it can first."]),
  ];
  return step(sentences.join(" "), [
    ...(origin === "index" ? credentials : []),
    "uv lock",
    ...(ci === "none" ? [] : [RUFF]),
  ]);
};

/** @param {Kit} kit */
const buildStep = ({ pattern }) =>
  step(
    "Build the image and start the service. The command returns when the service is healthy:",
    pattern === "b"
      ? ["docker compose -f compose.yaml -f compose.prod.yaml up --build --wait"]
      : ["docker compose up --build --wait"],
  );
