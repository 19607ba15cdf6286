// @ts-check
import { SYSTEM } from "../environments.js";
import { atCommand, replaceIn } from "../line-edits.js";
import { isOn } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "pip-ignores-environment",
  title: "`uv pip` ignores UV_PROJECT_ENVIRONMENT",
  advice: "Pass `--python` with the path of the environment, or set `VIRTUAL_ENV`.",
  severity: "breaks",
  claims: ["uv-pip-install-does-not-read-uv-project-environment"],
  check: (project) =>
    project.installs.flatMap((call) => {
      const { name, environment, target } = call;
      const path = environment.get("UV_PROJECT_ENVIRONMENT");
      if (!name.startsWith("pip ") || !path || target === path || target === SYSTEM) return [];
      if (has(call, "--python", "--target", "--prefix") || environment.has("VIRTUAL_ENV"))
        return [];
      if (isOn(call, "UV_SYSTEM_PYTHON")) return [];
      const message = `\`uv ${name}\` installs into \`${target}\`, not into \`${path}\`.`;
      const written = new RegExp(`\\buv ${name}\\b`);
      const fix = replaceIn(project, call.instruction, written, `uv ${name} --python ${path}`);
      return [{ ...atCommand(project, call, /\buv\s+pip\b/), message, fix }];
    }),
};
