// @ts-check
import { readImage } from "../base-images.js";
import { at, atText } from "../line-edits.js";
import { programName } from "../shell-commands.js";

/** @type {Rule} */
export const rule = {
  id: "uv-not-pinned",
  title: "The uv version is not pinned",
  advice: "Name a whole version, such as `uv:0.13.9`.",
  severity: "risky",
  claims: ["another-uv-installs-again"],
  lacks: "Two versions of uv can write different lockfiles, so `--locked` fails with one of them.",
  check: (project) => [...fromImages(project), ...fromScripts(project)],
};

const EFFECT = "so a build can get a different uv, which reinstalls every dependency.";

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fromImages = (project) =>
  project.stages.flatMap((stage) => {
    const inSteps = stage.instructions.flatMap((instruction) =>
      imagesOf(instruction).map((image) => ({ image, mark: atText(project, instruction, image) })),
    );
    const base =
      stage.baseStage === undefined ? [{ image: stage.base, mark: at(stage.start) }] : [];
    return [...base, ...inSteps]
      .filter(({ image }) => isFloating(image))
      .map(({ image, mark }) => ({
        ...mark,
        message: `\`${image}\` names no full uv version, ${EFFECT}`,
      }));
  });

/** Return the images that an instruction takes files from. @param {DockerfileInstruction} instruction */
const imagesOf = ({ origin, mounts }) => {
  const origins = [origin, ...mounts.map((mount) => mount.origin)];
  return [...new Set(origins.flatMap((each) => each?.image ?? []))];
};

/** Whether an image has uv, and its tag moves. @param {string} name */
const isFloating = (name) => {
  const { family, tag, hasDigest } = readImage(name);
  if (family !== "uv" || hasDigest || tag.includes("$")) return false;
  return !/^\d+\.\d+\.\d+/.test(tag);
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fromScripts = (project) =>
  project.commands.flatMap(({ words, instruction }) => {
    const installer = INSTALLERS.find(({ matches }) => matches(words));
    if (!installer) return [];
    const message = `${installer.way} the newest uv, ${EFFECT}`;
    return [{ ...atText(project, instruction, installer.mark), message }];
  });

/** @type {{ matches: (words: string[]) => boolean, mark: RegExp, way: string }[]} */
const INSTALLERS = [
  {
    matches: (words) => words.some((word) => /astral\.sh\/uv\/install\.sh$/.test(word)),
    mark: /install\.sh/,
    way: "The script installs",
  },
  {
    matches: ([first, ...words]) =>
      programName(first) !== "uv" &&
      [first, ...words].some((word) => /^pip3?$/.test(programName(word))) &&
      words.includes("install") &&
      words.includes("uv"),
    mark: /\buv\b/,
    way: "pip installs",
  },
  {
    matches: (words) => words.some((word) => word.includes("astral-sh/uv/releases/latest")),
    mark: /releases\/latest/,
    way: "The address names",
  },
];
