// @ts-check
import { at, withOption } from "../line-edits.js";
import { absolute, isWithin, parent, withoutSlash } from "../paths.js";
import { isOn } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "editable-without-source",
  title: "The environment refers to code that the last stage does not have",
  advice:
    "Pass `--no-editable` to the last `uv sync`, or copy the code to the same path in the final stage.",
  severity: "breaks",
  claims: ["no-editable-copies-the-project", "an-edited-file-counts-without-a-new-sync"],
  check: (project) => {
    const { pyproject, installs, image } = project;
    if (!pyproject?.isPackage || pyproject.isWorkspace) return [];
    const last = installs.findLast(({ name, ships }) => name === "sync" && ships);
    if (!last || image.includes(last.instruction) || !isEditable(last)) return [];
    const folder = last.workdir;
    const hasCode = image.some(({ keyword, words, workdir }) => {
      const target = withoutSlash(absolute(workdir, words.at(-1) ?? ""));
      return (
        (keyword === "COPY" || keyword === "ADD") &&
        target !== last.target &&
        (isWithin(target, folder) || isWithin(folder, target)) &&
        parent(target) !== last.target
      );
    });
    const copy = image.find(
      ({ keyword, origin }) => keyword === "COPY" && origin?.stage !== undefined,
    );
    if (hasCode || !copy) return [];
    const message = `\`uv sync\` in line ${last.instruction.line} installs the project in editable mode, so Python looks for it in \`${folder}\`, which this stage does not have.`;
    const fix = withOption(project, last.instruction, "--no-editable");
    return [{ ...at(copy), message, fix }];
  },
};

/** @param {UvCall} call */
const isEditable = (call) =>
  !has(
    call,
    "--no-editable",
    "--no-install-project",
    "--no-install-workspace",
    "--no-install-local",
    "--only-group",
  ) && !isOn(call, "UV_NO_EDITABLE", "UV_NO_INSTALL_PROJECT");
