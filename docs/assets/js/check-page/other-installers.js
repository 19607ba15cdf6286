// @ts-check
// What Poetry, pip and others install. The rules are about uv.

import { checkedProject } from "../check/checked-project.js";
import { programName } from "../check/shell-commands.js";

/**
 * @typedef {{
 *   line: number, lastLine: number, command: string, text: string, page: string, title: string
 * }} OtherInstaller
 */

const MIGRATE = { page: "migrate/", title: "Migrate from Poetry, step by step" };
const START = { page: "get-started/", title: "Get started with uv" };

/**
 * Return the commands of other installers, and what they install.
 * @param {CheckInput} input
 * @returns {OtherInstaller[]}
 */
export const otherInstallers = (input) =>
  (checkedProject(input)?.commands ?? []).flatMap(({ words, instruction: { line, lastLine } }) => {
    const described = describe(words);
    return described ? [{ line, lastLine, command: words.join(" "), ...described }] : [];
  });

/** @param {string[]} words */
const describe = (words) => {
  const program = programName(words[0]);
  const isModule = /^python[\d.]*$/.test(program) && words[1] === "-m";
  const [name, action, ...options] = isModule ? words.slice(2) : [program, ...words.slice(1)];
  if (name === "poetry" && /^(?:install|sync)$/.test(action)) {
    return { text: poetry(options), ...MIGRATE };
  }
  if (/^pip3?$/.test(name) && action === "install") return pip(options);
  if (name === "pip-sync")
    return { text: "pip-sync installs the packages that its files list.", ...START };
  if (/^(?:pipenv|pdm)$/.test(name) && /^(?:install|sync)$/.test(action)) {
    return { text: `We have not tried what \`${name} ${action}\` installs.`, ...START };
  }
  return undefined;
};

/** @param {string[]} options */
const poetry = (options) => {
  const text = options.join(" ");
  if (/--no-dev\b/.test(text)) {
    return "Poetry 2.2 rejects `--no-dev`. Use `--only main` instead.";
  }
  const [, only] = text.match(/--only[= ](\S+)/) ?? [];
  if (only) return `Poetry installs the group \`${only}\` of poetry.lock alone.`;
  const [, without] = text.match(/--without[= ](\S+)/) ?? [];
  return without
    ? `Poetry installs everything in poetry.lock except the group \`${without}\` and optional groups.`
    : "Poetry installs every group that is not optional, including development groups.";
};

/** @param {string[]} options */
const pip = (options) => {
  const at = options.findIndex((option) => /^(?:-r|--requirement)/.test(option));
  if (at === -1) return undefined;
  const file = options[at].match(/^(?:-r|--requirement=)(.+)$/)?.[1] ?? options[at + 1] ?? "";
  return {
    text: `pip installs the packages that \`${file}\` lists, and does not read a lockfile.`,
    ...START,
  };
};
