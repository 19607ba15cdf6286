// @ts-check
import { baseImage } from "../base-images.js";
import { SYSTEM } from "../environments.js";
import { at } from "../line-edits.js";
import { has } from "../uv-command.js";
import { mayDownload, otherPython } from "./python-downloads.js";

/** @type {Rule} */
export const rule = {
  id: "venv-without-its-python",
  title: "The virtual environment has no Python in the last stage",
  advice: "Start both stages from images with the same Python.",
  severity: "breaks",
  claims: ["an-environment-does-not-start-without-its-python"],
  noFix: "The checker cannot tell which of the two images you want to keep.",
  check: (project) => {
    const { dockerfile, shipped, image } = project;
    const call = project.installs.find(
      ({ ships, instruction, target }) =>
        ships && target !== SYSTEM && !image.includes(instruction),
    );
    const copy = image.find(
      ({ keyword, origin }) => keyword === "COPY" && origin?.stage !== undefined,
    );
    if (!call || !copy || usesOwnPython(project, call) || copiesPython(image)) return [];
    const message =
      downloaded(project, call) ??
      difference(baseImage(dockerfile, call.stage), baseImage(dockerfile, shipped));
    return message === undefined ? [] : [{ ...at(copy), message }];
  },
};

/**
 * Return what is wrong with the Python of the last stage.
 * @param {BaseImage} there The image of the stage that made the environment.
 * @param {BaseImage} here
 */
const difference = (there, here) => {
  if (there.python === undefined) return undefined;
  if (/^(?:debian|ubuntu|alpine|scratch)$/.test(here.family)) {
    return `The environment links to the Python of the build stage, and \`${here.name}:${here.tag}\` has none there.`;
  }
  return here.python === undefined || here.python === there.python
    ? undefined
    : `The environment was made with Python ${there.python}, and the last stage has Python ${here.python}, so no program of the environment starts.`;
};

/**
 * The Python that uv downloads is not in the environment.
 * @param {CheckedProject} project
 * @param {UvCall} call
 */
const downloaded = (project, call) => {
  const isDownloaded = mayDownload(project, call) && otherPython(project, call) !== undefined;
  return isDownloaded
    ? "The environment links to the Python that uv downloads in the build stage, and the last stage does not have it."
    : undefined;
};

/** @param {CheckedProject} project @param {UvCall} call */
const usesOwnPython = ({ uv }, call) =>
  ["UV_PYTHON", "UV_PYTHON_INSTALL_DIR", "UV_MANAGED_PYTHON"].some((name) =>
    call.environment.has(name),
  ) ||
  has(call, "--python", "--managed-python") ||
  uv.some(
    (each) => each.name === "python install" || (each.name === "venv" && has(each, "--python")),
  );

/** @param {DockerfileInstruction[]} image */
const copiesPython = (image) =>
  image.some(
    ({ keyword, words }) =>
      (keyword === "COPY" && words.some((word) => /python|^\/usr\/local\/?$/.test(word))) ||
      (keyword === "RUN" && words.some((word) => /^python3?/.test(word))),
  );
