// @ts-check
import { readImage } from "../base-images.js";
import { servicesOfOthers } from "../compose-services.js";
import { firstOnEachLine } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "compose-image-not-pinned",
  title: "An image in compose.yaml names no version",
  advice: "Name the version in the tag, such as `nginx:1.29`.",
  severity: "risky",
  claims: [],
  notTried: "An image whose tag has moved to another version.",
  noFix: "The checker cannot tell which version you run.",
  check: (project) =>
    firstOnEachLine(
      servicesOfOthers(project)
        .filter(({ image }) => isFloating(image.node.text ?? ""))
        .map(({ file, image: { line, node } }) => ({
          file,
          line,
          lastLine: line,
          message: `\`${node.text}\` names no version, so the next pull can bring a new major version.`,
        })),
    ),
};

/** @param {string} image */
const isFloating = (image) => {
  const { tag, hasDigest } = readImage(image);
  return !hasDigest && !/[$\d]/.test(tag) && !image.includes("$");
};
