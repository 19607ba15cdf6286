// @ts-check
import { secretFile } from "./compose.js";

/** The name of the instructions, which must not replace the README.md of a project. */
export const README = "KIT-README.md";

/**
 * The steps that remain for the reader, in order.
 * @param {Kit} kit
 * @param {KitFile[]} files
 * @returns {KitFile}
 */
export const readme = (kit, files) => ({
  path: README,
  text: `${["# Files for «project»", ...steps(kit, files)].join("\n\n")}\n`,
  kind: "file",
  note: "What to do next, in order. Delete this file afterwards.",
});

/** @param {Kit} kit @param {KitFile[]} files */
const steps = (kit, files) => {
  const ofKind = (/** @type {string} */ kind) =>
    files.filter((file) => file.kind === kind).map(({ path }) => `\`${path}\``);
  const merges = files
    .filter(({ kind }) => kind === "merge")
    .map(({ path }) => `\`to-merge/${path}\` into \`${path}\``);
  const parts = [
    ...(kit.answers.private === "none" ? [] : [secretStep(kit)]),
    buildStep(kit),
    command("Ask the service whether it is healthy. The command prints `ok`:", [
      "curl --fail http://localhost:«port»/healthz",
    ]),
  ];
  return [
    `Copy these files into the folder that contains your pyproject.toml: ${ofKind("file").join(", ")}.`,
    `Merge these lines into your own files: ${merges.join(", ")}.`,
    command("Write the lockfile, and commit it:", ["uv lock"]),
    ...parts,
  ].map((step, index) => `${index + 1}. ${step}`);
};

/** @param {string} sentence @param {string[]} commands */
const command = (sentence, commands) =>
  `${sentence}\n\n   \`\`\`sh\n${commands.map((line) => `   ${line}`).join("\n")}\n   \`\`\``;

/** @param {Kit} kit */
const secretStep = (kit) => {
  const file = secretFile(kit);
  const content = kit.answers.private === "git" ? "token" : "password";
  return command(
    `Write the ${content} into \`${file}\`, without a line end, and add this file to .gitignore:`,
    [`printf %s "$SECRET" > ${file}`, `echo ${file} >> .gitignore`],
  );
};

/** @param {Kit} kit */
const buildStep = ({ pattern }) =>
  command("Build the image and start the service:", [
    pattern === "b"
      ? "docker compose -f compose.yaml -f compose.prod.yaml up --build --wait"
      : "docker compose up --build --wait",
  ]);
