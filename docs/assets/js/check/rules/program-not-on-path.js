// @ts-check
import { baseImage } from "../base-images.js";
import { atCommand } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { djangoCommand, isServer } from "../start-commands.js";
import { SYSTEM, uvCall } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "program-not-on-path",
  title: "The container starts a program that is not on PATH",
  severity: "breaks",
  claims: ["a-full-path-to-a-program-fails-at-the-start"],
  lacks: "A container does not start if the environment's bin folder is not on PATH.",
  check: (project) => {
    const { start, installs, shipped, commands } = project;
    const last = installs.findLast(({ ships }) => ships);
    const command = start.commands.find(
      (each) => isServer(each) || /^(?:migrate|runserver)$/.test(djangoCommand(each) ?? ""),
    );
    if (!last || !command || last.target === SYSTEM || uvCall(command)) return [];
    if (start.hiddenScript || baseImage(project.dockerfile, shipped).family === "unknown")
      return [];
    // Other installers put programs elsewhere.
    const hasOther = commands.some(
      ({ words }) => /^(?:pip3?|poetry)$/.test(programName(words[0])) && !words.includes("uv"),
    );
    const isActivated = start.commands.some(({ words }) =>
      words.some((word) => /bin\/activate$/.test(word)),
    );
    if (hasOther || isActivated || installs.some(({ target }) => target === SYSTEM)) return [];
    const [program] = command.words;
    const path = shipped.end.environment.get("PATH") ?? "";
    const folders = path.split(":").map((each) => each.replace(/\/$/, ""));
    if (program.includes("/") || folders.includes(`${last.target}/bin`)) return [];
    // A path with unknown parts can have it.
    if (/\$\{?(?!PATH\b)\w/.test(path) || folders.some((each) => /^\.?venv|^\.venv/.test(each)))
      return [];
    return [
      {
        ...atCommand(project, command, program),
        message: `\`${program}\` and its packages are in \`${last.target}\`, which is not on \`PATH\`, so the container does not start.`,
      },
    ];
  },
};
