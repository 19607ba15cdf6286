// @ts-check
import { readImage } from "../base-images.js";
import { at, atText } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "uv-not-pinned",
  title: "The uv version is not pinned",
  severity: "risky",
  claims: ["another-uv-installs-again"],
  lacks: "Two versions of uv can write different lockfiles, so `--locked` fails with one of them.",
  check: (project) => [...fromImages(project), ...fromScripts(project)],
};

const EFFECT = "so a build gets the uv of the day, and each new uv reinstalls every dependency.";

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fromImages = (project) => {
  /** @type {RuleFinding[]} */
  const result = [];
  for (const stage of project.stages) {
    if (stage.baseStage === undefined && isFloating(stage.base)) {
      result.push({
        ...at(stage.start),
        message: `\`${stage.base}\` names no full uv version, ${EFFECT}`,
      });
    }
    for (const instruction of stage.instructions) {
      const origins = [instruction.origin, ...instruction.mounts.map(({ origin }) => origin)];
      for (const image of new Set(origins.map((origin) => origin?.image))) {
        if (!image || !isFloating(image)) continue;
        const message = `\`${image}\` names no full uv version, ${EFFECT}`;
        result.push({ ...atText(project, instruction, image), message });
      }
    }
  }
  return result;
};

/** Whether an image has uv, and its tag moves. @param {string} name */
const isFloating = (name) => {
  const { family, tag, hasDigest } = readImage(name);
  if (family !== "uv" || hasDigest || tag.includes("$")) return false;
  return !/^\d+\.\d+\.\d+/.test(tag);
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fromScripts = (project) =>
  project.commands.flatMap((command) => {
    const { words, instruction } = command;
    const isScript = words.some((word) => /astral\.sh\/uv\/install\.sh$/.test(word));
    const isPip = /\bpip3?$/.test(words[0]) || (words.includes("-m") && words.includes("pip"));
    const isPackage = isPip && words.includes("install") && words.includes("uv");
    const isAstral = words.join(" ").includes("github.com/astral-sh/uv/releases/latest");
    if (!isScript && !isPackage && !isAstral) return [];
    const text = isScript ? "install.sh" : isPackage ? /\buv\b/ : "latest";
    const way = isPackage ? "pip installs the newest uv" : "The script installs the newest uv";
    return [{ ...atText(project, instruction, text), message: `${way}, ${EFFECT}` }];
  });
