// @ts-check
// The packages that steps of the shipped image install with the distribution's package manager.

import { programName } from "./shell-commands.js";

/**
 * Return the commands that install packages with apt or apk, with the names of the packages.
 * @param {CheckedProject} project
 */
export const installedPackages = ({ commands, image }) =>
  packagesIn(commands.filter(({ instruction }) => image.includes(instruction)));

/** @param {ShellCommand[]} commands */
export const packagesIn = (commands) =>
  commands.flatMap((command) => {
    const program = programName(command.words[0]);
    const names = packageNames(program, command.words);
    return names.length === 0 ? [] : [{ ...command, command, program, names }];
  });

/** @param {string} program @param {string[]} words */
const packageNames = (program, words) => {
  const verb = VERBS.get(program);
  const start = verb === undefined ? -1 : words.indexOf(verb);
  if (start < 0) return [];
  return words
    .slice(start + 1)
    .filter((word) => !/^-|[$/]/.test(word))
    .map((word) => word.replace(/[=:].*/, ""));
};

const VERBS = new Map([
  ["apt", "install"],
  ["apt-get", "install"],
  ["apk", "add"],
]);
