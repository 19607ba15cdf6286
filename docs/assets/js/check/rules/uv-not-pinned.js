// @ts-check
import { readImage } from "../base-images.js";
import { asPattern, atText, replaceIn } from "../line-edits.js";
import { programName } from "../shell-commands.js";

/** @type {Rule} */
export const rule = {
  id: "uv-not-pinned",
  title: "The uv version is not pinned",
  advice: "Specify the full version, with all three numbers.",
  severity: "risky",
  claims: ["another-uv-installs-again"],
  check: (project) => [...fromImages(project), ...fromScripts(project)],
};

const EFFECT = "so a build can get a different uv, which reinstalls every dependency.";

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fromImages = (project) =>
  project.stages.flatMap((stage) => {
    const { start, base, baseStage, instructions } = stage;
    const inSteps = instructions.flatMap((instruction) =>
      imagesOf(instruction).map((image) => ({ image, instruction })),
    );
    return [...(baseStage === undefined ? [{ image: base, instruction: start }] : []), ...inSteps]
      .filter(({ image }) => isFloating(image))
      .map(({ image, instruction }) => ({
        ...atText(project, instruction, image),
        message: `\`${image}\` names no full uv version, ${EFFECT}`,
        fix: withVersion(project, instruction, image),
      }));
  });

/**
 * Name the version that the rules know. Images with a Python or a distribution in their tag do not
 * exist for every version.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {string} image
 */
const withVersion = (project, instruction, image) => {
  const { tag } = readImage(image);
  if (tag !== "" && tag !== "latest") return undefined;
  const name = image.replace(/:latest$/, "");
  const written = new RegExp(`${asPattern(image)}(?=[\\s,]|$)`);
  return replaceIn(project, instruction, written, `${name}:${knownVersion(project)}`);
};

/** @param {CheckedProject} project */
const knownVersion = ({ input }) => input.grammar.recorded.versions.uv;

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
    const [written, pinned] = installer.pin;
    const fix = replaceIn(project, instruction, written, pinned + knownVersion(project));
    return [{ ...atText(project, instruction, installer.mark), message, fix }];
  });

/**
 * A pin replaces a text by another one and the version.
 * @type {{ matches: (words: string[]) => boolean, mark: RegExp, way: string, pin: [RegExp, string] }[]}
 */
const INSTALLERS = [
  {
    matches: (words) => words.some((word) => /astral\.sh\/uv\/install\.sh$/.test(word)),
    mark: /install\.sh/,
    way: "The script installs",
    pin: [/astral\.sh\/uv(?=\/install\.sh)/, "astral.sh/uv/"],
  },
  {
    matches: ([first, ...words]) =>
      programName(first) !== "uv" &&
      [first, ...words].some((word) => /^pip3?$/.test(programName(word))) &&
      words.includes("install") &&
      words.includes("uv"),
    mark: /\buv\b/,
    way: "pip installs",
    pin: [/(?<=\bpip3?\s+install\b[^&;|]*\s)uv(?=\s|$)/, "uv=="],
  },
  {
    matches: (words) => words.some((word) => word.includes("astral-sh/uv/releases/latest")),
    mark: /releases\/latest/,
    way: "The address names",
    pin: [/releases\/latest\/download/, "releases/download/"],
  },
];
