// @ts-check
import { packageName } from "../pyproject-tables.js";

const TOOL =
  /^(?:uv|pytest(?:-[a-z-]+)?|coverage|mypy|ruff|black|isort|flake8|pylint(?:-[a-z-]+)?|pyright|pre-commit|ipdb|debugpy|tox|nox|django-stubs|djangorestframework-stubs|types-[a-z0-9-]+)$/;

/** @type {Rule} */
export const rule = {
  id: "tools-in-dependencies",
  title: "Tools for development are dependencies of the project",
  advice: "Move them to the `dev` group with `uv remove` and `uv add --dev`.",
  severity: "untidy",
  claims: ["no-dev-installs-tools-among-the-dependencies"],
  noFix: "You have to run `uv add --dev` on your machine, which changes uv.lock.",
  check: ({ pyproject, pyprojectFile, input, isDevelopment, installs }) => {
    if (!pyproject || isDevelopment || !installs.some(({ ships }) => ships)) return [];
    const tools = pyproject.dependencies.map(packageName).filter((name) => TOOL.test(name));
    if (tools.length === 0) return [];
    const lines = (input.texts?.[pyprojectFile] ?? "").split("\n");
    const isTool = new RegExp(`["']${tools[0]}\\b`, "i");
    const line = lines.findIndex((each) => isTool.test(each.replaceAll("_", "-"))) + 1 || 1;
    const list = tools
      .slice(0, 3)
      .map((name) => `\`${name}\``)
      .join(", ");
    const message = `Every image contains ${list}, even if the build leaves the dev group out.`;
    return [{ file: pyprojectFile, line, lastLine: line, message }];
  },
};
