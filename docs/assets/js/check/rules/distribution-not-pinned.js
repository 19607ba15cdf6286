// @ts-check
import { isAlpine, readImage } from "../base-images.js";
import { asPattern, atText, replaceIn } from "../line-edits.js";

const RELEASE =
  /(?:^|-)(?:jessie|stretch|buster|bullseye|bookworm|trixie|forky|alpine\d|alpine-?3|debian1\d)/;
// The Debian release of the official images whose tag names none.
const DEBIAN = "trixie";
const HAS_PYTHON = /python|alpine|debian/;

/** @type {Rule} */
export const rule = {
  id: "distribution-not-pinned",
  title: "The base image names no release of its distribution",
  advice:
    "Name the release in the tag, such as `python:3.14-slim-trixie` or `python:3.14-alpine3.23`.",
  severity: "untidy",
  claims: [],
  notTried: "The next release, because the tag moves only when that release exists.",
  check: (project) =>
    project.isDevelopment
      ? []
      : project.stages
          .filter(({ base, baseStage }) => baseStage === undefined && isFloating(readImage(base)))
          // One mark is enough for stages that start from the same image.
          .filter(({ base }, index, all) => all.findIndex((each) => each.base === base) === index)
          .map(({ start, base }) => ({
            ...atText(project, start, base),
            message: `\`${base}\` names no ${isAlpine(readImage(base)) ? "Alpine" : "Debian"} release, so a later build can use the next one, with different system packages.`,
            fix: withRelease(project, base),
          })),
};

/** @param {BaseImage} image */
const isFloating = ({ family, tag, hasDigest }) => {
  if (hasDigest || tag.includes("$")) return false;
  // Other images of uv contain uv alone.
  if (family !== "python" && !(family === "uv" && HAS_PYTHON.test(tag))) return false;
  return !RELEASE.test(tag);
};

/**
 * Name the release that the tag stands for now, wherever a stage starts from the image.
 * @param {CheckedProject} project
 * @param {string} base
 * @returns {LineEdit[] | undefined}
 */
const withRelease = (project, base) => {
  const { family, tag, python = "3.0" } = readImage(base);
  const isKnown = /^3\.\d+(?:\.\d+)?(?:-slim)?$/.test(tag) && Number(python.slice(2)) >= 10;
  if (family !== "python" || !isKnown) return undefined;
  const written = new RegExp(`${asPattern(base)}(?=\\s|$)`);
  const edits = project.stages
    .filter((stage) => stage.base === base)
    .map(({ start }) => replaceIn(project, start, written, `${base}-${DEBIAN}`));
  return edits.includes(undefined) ? undefined : edits.flatMap((edit) => edit ?? []);
};
