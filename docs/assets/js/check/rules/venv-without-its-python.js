// @ts-check
import { baseImage } from "../base-images.js";
import { at } from "../line-edits.js";
import { SYSTEM } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "venv-without-its-python",
  title: "The virtual environment has no Python in the last stage",
  severity: "breaks",
  claims: ["an-environment-does-not-start-without-its-python"],
  check: (project) => {
    const { dockerfile, shipped, image } = project;
    const here = baseImage(dockerfile, shipped);
    return project.installs
      .filter(
        ({ ships, instruction, target }) =>
          ships && target !== SYSTEM && !image.includes(instruction),
      )
      .slice(0, 1)
      .flatMap((call) => {
        const there = baseImage(dockerfile, call.stage);
        const copy = image.find(
          ({ keyword, origin }) => keyword === "COPY" && origin?.stage !== undefined,
        );
        const hasOther = there.python && here.python && there.python !== here.python;
        const hasNone =
          there.python !== undefined && /^(?:debian|ubuntu|alpine|scratch)$/.test(here.family);
        if (!copy || !(hasOther || hasNone)) return [];
        if (usesOwnPython(project, call) || copiesPython(image)) return [];
        const message = hasOther
          ? `The environment was made with Python ${there.python}, and the last stage has Python ${here.python}, so no program of the environment starts.`
          : `The environment links to the Python of the build stage, and \`${here.name}:${here.tag}\` has none there.`;
        return [{ ...at(copy), message }];
      });
  },
};

/** @param {CheckedProject} project @param {UvCall} call */
const usesOwnPython = ({ uv }, { environment, options }) =>
  environment.has("UV_PYTHON") ||
  environment.has("UV_PYTHON_INSTALL_DIR") ||
  environment.has("UV_MANAGED_PYTHON") ||
  options.some(([name]) => /^(?:--python|-p|--managed-python)$/.test(name)) ||
  uv.some(({ name }) => name === "python install" || name === "venv");

/** @param {DockerfileInstruction[]} image */
const copiesPython = (image) =>
  image.some(
    ({ keyword, words }) =>
      (keyword === "COPY" && words.some((word) => /python|^\/usr\/local\/?$/.test(word))) ||
      (keyword === "RUN" && words.some((word) => /^python3?/.test(word))),
  );
