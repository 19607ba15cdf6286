// @ts-check
import { satisfies } from "../../vendor/pep440.js";
import { baseImage } from "../base-images.js";
import { SYSTEM } from "../environments.js";
import { atText } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "requires-python-ignored",
  title: "The project does not support the Python of the image",
  advice: "Start from an image with a Python that `requires-python` allows.",
  severity: "risky",
  claims: [],
  lacks: "`uv pip install -r pyproject.toml` does not read `requires-python`.",
  noFix: "You decide whether the image or `requires-python` is right.",
  check: (project) => {
    const { installs, pyproject, dockerfile, stages } = project;
    const required = pyproject?.requiresPython;
    const call = installs.find(
      ({ ships, name, target }) => ships && target === SYSTEM && name.startsWith("pip "),
    );
    const { python, name = "" } = call ? baseImage(dockerfile, call.stage) : {};
    if (!call || !required || !python || satisfies(`${python}.99`, required)) return [];
    const { start } = stages.find(({ base }) => base === call.stage.base) ?? call.stage;
    const message = `pyproject.toml requires Python \`${required}\`, and the image has ${python}, which \`uv ${call.name}\` does not compare.`;
    return [{ ...atText(project, start, name), message }];
  },
};
