// @ts-check
// Proposals for steps of the build.

import { readImage } from "../base-images.js";
import { asPattern, changesTo, replaceIn } from "../line-edits.js";

/**
 * Replace a text on the lines of a finding. Return undefined if they do not have it.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @param {RegExp} expression
 * @param {string} replacement
 * @param {string} condition
 * @returns {Proposal | undefined}
 */
const onItsLines = (project, { file, line, lastLine }, expression, replacement, condition) => {
  if (file !== undefined) return undefined;
  const changed = project.lines.map((text, index) =>
    index + 1 >= line && index < lastLine ? text.replace(expression, replacement) : text,
  );
  const edits = changesTo(project.lines, changed);
  return edits.length > 0 ? { condition, edits } : undefined;
};

/** @param {CheckedProject} project @param {RuleFinding} finding */
export const noRecommended = (project, finding) =>
  onItsLines(
    project,
    finding,
    /\bapt(?:-get)?\b[^&;|]*?\binstall\b/,
    "$& --no-install-recommends",
    "Check that no step needs a package that apt only recommends. If one does, add its name after `--no-install-recommends`.",
  );

/** @param {CheckedProject} project @param {RuleFinding} finding */
export const withoutIgnoring = (project, finding) =>
  onItsLines(
    project,
    finding,
    /\s*(?:\|\|\s*(?:true|:|exit 0|echo\s+(?:"[^"]*"|'[^']*'|[^\s&;|]+))|;\s*true)\s*$/,
    "",
    "If the step fails, the build now stops and shows the error. Set what the step needs, such as a variable that your settings read.",
  );

/**
 * Name the newest recorded version of uv in front of what else the tag says.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 */
export const uvVersion = (project, finding) => {
  const image = /[\w.:/-]*\buv:[\w.-]+/.exec(project.lines[finding.line - 1])?.[0] ?? "";
  const { tag } = readImage(image);
  const variant = tag.replace(/^\d+(?:\.\d+)*-?|^latest-?/, "");
  const version = project.input.grammar.recorded.versions.uv;
  const name = `${image.slice(0, image.length - tag.length)}${version}${variant && `-${variant}`}`;
  return tag === ""
    ? undefined
    : onItsLines(
        project,
        finding,
        new RegExp(asPattern(image)),
        name,
        `Check with \`docker pull ${name}\` that the image exists. To keep an older uv, write its version instead.`,
      );
};

/**
 * Copy the lockfile, and let the build fail if it is out of date.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const lockfileCopied = (project, { file, line }) => {
  const { stages, input } = project;
  const instructions = stages.flatMap((stage) => stage.instructions);
  const step = instructions.find((each) => each.line <= line && line <= each.lastLine);
  const copy = instructions.findLast(
    ({ keyword, origin, words, ...each }) =>
      keyword === "COPY" && !origin && each.line < line && words[0]?.endsWith("pyproject.toml"),
  );
  if (!step || !copy || file !== undefined) return undefined;
  const isFile = !/^\.?\/?$|\/$/.test(copy.words.at(-1) ?? "");
  const copied = replaceIn(
    project,
    copy,
    /(\S*)pyproject\.toml\b(.*)$/,
    `$1pyproject.toml $1uv.lock$2${isFile ? "/" : ""}`,
  );
  const locked = replaceIn(project, step, /\buv sync\b/, "uv sync --locked");
  const isThere = input.files?.["uv.lock"] !== undefined;
  return copied && locked
    ? {
        condition: isThere
          ? "The build now fails if uv.lock does not match pyproject.toml. If it does, run `uv lock`."
          : "Run `uv lock` and commit uv.lock before you build the image.",
        edits: [...copied, ...locked],
      }
    : undefined;
};
