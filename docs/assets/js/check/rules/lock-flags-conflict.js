// @ts-check
import { atCommand, withoutVariable } from "../line-edits.js";
import { isOn } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "lock-flags-conflict",
  title: "UV_LOCKED and UV_FROZEN exclude each other",
  advice: "Keep `UV_LOCKED`.",
  severity: "breaks",
  claims: ["both-variables-at-once-are-an-error"],
  check: (project) =>
    project.uv
      .filter((call) => call.name === "sync" && isOn(call, "UV_LOCKED") && isOn(call, "UV_FROZEN"))
      .slice(0, 1)
      .map((call) => ({
        ...atCommand(project, call, /\buv\s.*\bsync\b/),
        fix: withoutVariable(project, "UV_FROZEN"),
        message: "`uv sync` fails, because both variables are set.",
      })),
};
