// @ts-check
// The packages of the image that ships, those that should not be there, and what is missing.

import { checkedProject } from "../check/checked-project.js";
import { isForDevelopment } from "../check/development-groups.js";
import { reasonsFor } from "../check/installs.js";
import { readProject } from "../check/project.js";
import { programName } from "../check/shell-commands.js";
import { installsOfStages } from "../check/stages.js";
import { isServer, startedProgram } from "../check/start-commands.js";

const NEWEST_PYTHON = "3.14";

/**
 * @typedef {{ name: string, from: string }} Attributed A package, and who asks for it.
 * @typedef {{
 *   problem?: string, stages: StageInstalls[], packages?: InstalledPackage[], place?: string,
 *   extra: Attributed[], missing: Attributed[]
 * }} Installs
 */

/**
 * Return what the stages of a Dockerfile install, or undefined if uv.lock or pyproject.toml is
 * missing.
 * @param {CheckInput} input
 * @returns {Installs | undefined}
 */
export const installsOf = (input) => {
  const { texts = {}, files = {} } = input;
  if (!texts["pyproject.toml"] || !texts["uv.lock"]) return undefined;
  const project = checkedProject(input);
  const shipped = project?.shipped;
  const target = shipped?.isNamed ? shipped.name : undefined;
  const python = texts[".python-version"]?.match(/^\d+\.\d+(?:\.\d+)?/)?.[0] ?? NEWEST_PYTHON;
  const known = { "pyproject.toml": "", "uv.lock": "", ...files };
  const { stages, problem } = installsOfStages(
    { ...input, target, texts, files: known },
    { python },
  );
  const image = stages.find(({ isShipped }) => isShipped);
  const place = image?.active;
  const packages = (place !== undefined && image?.environments[place]) || undefined;
  return {
    problem,
    stages,
    packages,
    place,
    extra: (packages ?? []).flatMap(forDevelopment),
    missing: project && packages ? missingServer(project, packages, python) : [],
  };
};

/** @param {InstalledPackage} each @returns {Attributed[]} */
const forDevelopment = ({ name, reasons }) => {
  const isExtra =
    reasons.length > 0 &&
    reasons.every((reason) => reason.kind === "group" && isForDevelopment(reason.name));
  return isExtra ? [{ name, from: asking(reasons[0]) }] : [];
};

/** Return what asks for a package, such as "group `dev` › pytest". @param {PackageReason} reason */
const asking = ({ kind, name, chain }) => {
  const first = kind === "group" || kind === "extra" ? `${kind} \`${name}\`` : "the project";
  return [first, ...chain.slice(0, -1)].join(" › ");
};

/**
 * Return the server that the container starts, if the image lacks it.
 * @param {CheckedProject} project
 * @param {InstalledPackage[]} packages
 * @param {string} python
 * @returns {Attributed[]}
 */
const missingServer = ({ start, input }, packages, python) => {
  const command = start.commands.find(isServer);
  if (!command) return [];
  const name = programName(startedProgram(command)[0]);
  if (packages.some((each) => each.name === name || each.name === name.replace(/-.*/, "")))
    return [];
  const { project } = readProject(input.texts ?? {});
  const [reason] = project ? reasonsFor(project, name, { python, grammar: input.grammar }) : [];
  return [{ name, from: reason ? asking(reason) : "" }];
};
