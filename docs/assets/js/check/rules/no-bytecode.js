// @ts-check
import { atCommand, insertAbove } from "../line-edits.js";
import { lacksLockfile } from "../missing-lockfile.js";
import { absolute, isWithin, withoutSlash } from "../paths.js";
import { compiles } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "no-bytecode",
  title: "Packages are not compiled to bytecode",
  advice: "Set `UV_COMPILE_BYTECODE=1` above the install step.",
  severity: "slow",
  claims: ["uv-compiles-no-bytecode", "each-container-compiles-again-what-it-imports"],
  check: (project) => {
    if (project.isDevelopment) return [];
    const installs = project.installs.filter(
      (call) => call.ships && call.name !== "run" && !lacksLockfile(project, call),
    );
    const last = installs.at(-1);
    if (!last) return [];
    if (installs.some((call) => call.target === last.target && compiles(call))) {
      return deleted(project, last.target);
    }
    if (project.commands.some((command) => compilesAll(command.words, last.target))) return [];
    // An earlier step is cached more often.
    const first =
      installs.find(({ target, stage }) => target === last.target && stage === last.stage) ?? last;
    return [
      {
        ...atCommand(project, last, new RegExp(`\\buv\\s+${last.name.replace(" ", "\\s+")}`)),
        message:
          "Every new container compiles the packages that it imports, because uv does not compile them unless you ask it to.",
        fix: insertAbove(project, first.instruction, "ENV UV_COMPILE_BYTECODE=1"),
      },
    ];
  },
};

/**
 * Mark a command that deletes the bytecode of the environment again.
 * @param {CheckedProject} project
 * @param {string} target
 */
const deleted = (project, target) =>
  project.commands
    .filter(({ words: [program, ...words], workdir }) => {
      const folder = withoutSlash(absolute(workdir, words[0] ?? ""));
      const isDeleted = words.some((word) => /^-delete$|^rm$/.test(word));
      const isBytecode = words.some((word) => /^(?:\*\.pyc|__pycache__)$/.test(word));
      return program === "find" && isDeleted && isBytecode && isWithin(target, folder);
    })
    .slice(0, 1)
    .map((command) => ({
      ...atCommand(project, command, /\bfind\b/),
      message:
        "This step deletes the bytecode that uv has compiled, so every new container compiles what it imports.",
    }));

/** Whether a command compiles the environment. @param {string[]} words @param {string} target */
const compilesAll = (words, target) =>
  words.includes("compileall") &&
  words.some(
    (word) =>
      (word.startsWith("/") && target.startsWith(word.replace(/\/$/, ""))) ||
      word.includes("site-packages") ||
      word.includes(".venv") ||
      word === ".",
  );
