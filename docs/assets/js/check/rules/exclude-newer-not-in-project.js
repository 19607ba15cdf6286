// @ts-check
import { isLocked } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "exclude-newer-not-in-project",
  title: "The lockfile has a date from a developer's own settings",
  advice: "Set `exclude-newer` under `[tool.uv]` in pyproject.toml, or lock again without it.",
  severity: "breaks",
  claims: [
    "a-date-in-ones-own-settings-ends-up-in-the-lockfile",
    "a-date-in-pyproject-toml-is-there-for-everyone",
  ],
  noFix: "You have to decide which date the project uses.",
  check: ({ input, uv }) => {
    const { "pyproject.toml": pyproject, "uv.lock": lockfile } = input.texts ?? {};
    if (pyproject === undefined || lockfile === undefined) return [];
    // Settings of the project apply in the build too.
    if (/exclude-newer/.test(pyproject) || input.files?.["uv.toml"] !== undefined) return [];
    const isChecked = uv.some(
      (call) => isLocked(call) && !call.environment.has("UV_EXCLUDE_NEWER"),
    );
    const [head] = lockfile.split("[[package]]");
    const index = head.split("\n").findIndex((line) => /^exclude-newer(?:-span)?\s*=/.test(line));
    if (!isChecked || index < 0) return [];
    const message =
      "`uv sync --locked` fails in the build, because pyproject.toml does not set this date.";
    return [{ file: "uv.lock", line: index + 1, lastLine: index + 1, message }];
  },
};
