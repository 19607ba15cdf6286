// @ts-check
import { isAlpine, readImage } from "../base-images.js";
import { atText } from "../line-edits.js";

const RELEASE =
  /(?:^|-)(?:jessie|stretch|buster|bullseye|bookworm|trixie|forky|alpine\d|alpine-?3|debian1\d)/;
const HAS_PYTHON = /python|alpine|debian/;

/** @type {Rule} */
export const rule = {
  id: "distribution-not-pinned",
  title: "The base image names no release of its distribution",
  advice: "Name the release in the tag, such as `python:3.14-slim-trixie`.",
  severity: "untidy",
  claims: [],
  lacks: "A tag such as `python:3.14-slim` moves to the next Debian release.",
  noFix: "Check does not know which release has your system packages.",
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
          })),
};

/** @param {BaseImage} image */
const isFloating = ({ family, tag, hasDigest }) => {
  if (hasDigest || tag.includes("$")) return false;
  // Other images of uv contain uv alone.
  if (family !== "python" && !(family === "uv" && HAS_PYTHON.test(tag))) return false;
  return !RELEASE.test(tag);
};
