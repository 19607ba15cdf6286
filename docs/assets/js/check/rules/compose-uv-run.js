// @ts-check
import { composeLines } from "../compose-lines.js";
import { isOn, takesDev } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "compose-uv-run",
  title: "A command in compose.yaml installs the dev group",
  advice: "Start the program without `uv run`, or pass `--no-sync`.",
  severity: "risky",
  claims: ["uv-run-installs-what-no-dev-left-out", "uv-run-without-sync-installs-nothing"],
  check: (project) => {
    const { installs, shipped, pyproject, isDevelopment } = project;
    const sync = installs.findLast(({ name, ships }) => name === "sync" && ships);
    const { environment } = shipped.end;
    if (isDevelopment || !sync || takesDev(sync, pyproject) || (pyproject && !pyproject.groups.dev))
      return [];
    if (isOn({ environment }, "UV_NO_SYNC", "UV_NO_DEV", "UV_NO_DEFAULT_GROUPS")) return [];
    const command =
      /^\s+(?:command|entrypoint):.*\buv["',\s]+run\b(?!.*--(?:no-sync|no-dev|no-default))/;
    return composeLines(project, command).map((mark) => ({
      ...mark,
      fix: [{ ...mark, text: [withoutSync(project, mark)] }],
      message: "The image has no dev group, so `uv run` installs it each time this service starts.",
    }));
  },
};

/** @param {CheckedProject} project @param {{ file: string, line: number }} mark */
const withoutSync = ({ input }, { file, line }) =>
  (input.texts?.[file].split("\n")[line - 1] ?? "").replace(
    /\buv(["',\s]+)run\b(["']?)/,
    (_, between, quote) => `uv${between}run${quote}${quote ? `, ${quote}` : " "}--no-sync${quote}`,
  );
