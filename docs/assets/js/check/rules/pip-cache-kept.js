// @ts-check
import { atCommand, firstOnEachLine, replaceIn } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { isOn } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "pip-cache-kept",
  title: "pip's cache stays in the image",
  advice: "Pass `--no-cache-dir`.",
  severity: "untidy",
  claims: ["pip-keeps-what-it-downloads-in-a-cache"],
  check: (project) =>
    firstOnEachLine(
      project.commands
        .filter(
          (command) =>
            !project.isDevelopment &&
            project.image.includes(command.instruction) &&
            keepsCache(command),
        )
        .map((command) => ({
          ...atCommand(project, command, /\bpip3?\b.*\binstall\b/),
          message: "pip keeps what it downloads in a cache in this layer.",
          fix: replaceIn(
            project,
            command.instruction,
            /\bpip3?\s+install\b(?!.*--no-cache-dir)/,
            "$& --no-cache-dir",
          ),
        })),
    ),
};

/** @param {ShellCommand} command */
const keepsCache = (command) => {
  const { words, instruction } = command;
  const start = words.findIndex((word) => /^pip3?$/.test(programName(word)));
  const isPip = start === 0 || words[start - 1] === "-m";
  if (!isPip || !words.slice(start).includes("install")) return false;
  if (words.includes("--no-cache-dir") || isOn(command, "PIP_NO_CACHE_DIR")) return false;
  if (/\bcache purge\b|rm\s[^;&|]*\.cache/.test(instruction.script)) return false;
  return !instruction.mounts.some(
    ({ type, target }) => type === "cache" && /pip|\.cache/.test(target),
  );
};
