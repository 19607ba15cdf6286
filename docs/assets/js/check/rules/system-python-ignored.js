// @ts-check
import { atCommand, withoutVariable } from "../line-edits.js";
import { isOn } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "system-python-ignored",
  title: "`uv sync` ignores UV_SYSTEM_PYTHON",
  advice: "Remove the variable, and put the `bin` folder of the environment on `PATH`.",
  severity: "untidy",
  claims: ["uv-sync-ignores-uv-system-python"],
  check: (project) => {
    if (project.uv.some(({ name }) => name.startsWith("pip "))) return [];
    const call = project.installs.find(
      (each) => each.name === "sync" && isOn(each, "UV_SYSTEM_PYTHON"),
    );
    const named = call?.environment.get("UV_PROJECT_ENVIRONMENT") ?? "venv";
    if (!call || !named.endsWith("venv")) return [];
    const message = `The packages are in \`${call.target}\`, not in the Python of the image: \`UV_SYSTEM_PYTHON\` is for \`uv pip\` alone.`;
    const fix = withoutVariable(project, "UV_SYSTEM_PYTHON");
    return [{ ...atCommand(project, call, /\buv\s.*\bsync\b/), message, fix }];
  },
};
