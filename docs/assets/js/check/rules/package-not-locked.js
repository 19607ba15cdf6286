// @ts-check
import { atCommand } from "../line-edits.js";
import { packageName } from "../pyproject-tables.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "package-not-locked",
  title: "A package has no version in the lockfile",
  advice: "Add the package to pyproject.toml, so that `uv.lock` has its version.",
  severity: "risky",
  claims: [
    "what-a-command-would-give-today-is-not-seen",
    "uv-pip-install-does-not-read-the-lockfile",
    "uv-sync-removes-what-is-not-in-the-lockfile",
  ],
  noFix: "You have to run `uv add` on your machine first.",
  check: (project) => {
    if (!project.uv.some(({ name }) => name === "sync")) return [];
    return project.installs.flatMap((call) => {
      if (
        call.name !== "pip install" ||
        !call.ships ||
        has(call, "--requirements", "--constraints")
      ) {
        return [];
      }
      const message = messageFor(project, call.operands.find(isPackage));
      return message ? [{ ...atCommand(project, call, /\buv\s+pip\b/), message }] : [];
    });
  },
};

/** @param {CheckedProject} project @param {string} [word] */
const messageFor = (project, word = "") => {
  const [name] = word.split("==");
  const isOwn = isDependency(project, name);
  if (name !== word) {
    return isOwn
      ? ""
      : `Nothing locks the packages that \`${name}\` needs, and the next \`uv sync\` removes it, because uv.lock does not contain it.`;
  }
  if (isOwn) {
    return `\`${name}\` is a dependency of the project, so this step has no effect, unless an earlier step left the package out and this step installs the newest version.`;
  }
  return (
    name &&
    `This step installs the newest \`${name}\` on the day of the build, because uv.lock does not contain it.`
  );
};

/** @param {string} word */
const isPackage = (word) =>
  /^[A-Za-z][\w.-]*(?:\[[^\]]*\])?(?:==[\w.]+)?$/.test(word) &&
  !/^(?:pip|uv|setuptools|wheel)(?:$|=)|\.whl$/.test(word);

/** @param {CheckedProject} project @param {string} name */
const isDependency = ({ pyproject }, name) =>
  pyproject?.dependencies.some((each) => packageName(each) === packageName(name));
