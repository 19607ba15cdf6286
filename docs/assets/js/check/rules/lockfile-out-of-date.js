// @ts-check
import { readProject } from "../project.js";
import { isFrozen, isLocked } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-out-of-date",
  title: "The lockfile does not match pyproject.toml",
  advice: "Run `uv lock`, and commit uv.lock.",
  severity: "breaks",
  claims: [
    "locked-fails-on-a-new-dependency",
    "frozen-does-not-see-a-new-dependency",
    "with-neither-uv-sync-locks-again",
  ],
  noFix: "You have to run `uv lock` on your machine.",
  check: ({ input, uv }) => {
    const { "pyproject.toml": pyproject = "", "uv.lock": lockfile = "" } = input.texts ?? {};
    // The name in a template is a placeholder.
    if (lockfile === "" || /^name\s*=\s*["']\{\{/m.test(pyproject)) return [];
    const reader = uv.find(({ name }) => /^(?:sync|run|export)$/.test(name));
    const { project } = readProject({ "pyproject.toml": pyproject, "uv.lock": lockfile });
    if (!reader || project?.outdated === undefined) return [];
    const message = `${effect(uv, reader)}, because uv.lock is out of date: ${project.outdated}.`;
    const line = lockfile.split("\n").findIndex((each) => /^version\s*=/.test(each)) + 1 || 1;
    return [{ file: "uv.lock", line, lastLine: line, message }];
  },
};

/** @param {UvCall[]} uv @param {UvCall} reader */
const effect = (uv, reader) => {
  const locked = uv.find(isLocked);
  if (locked) return `\`uv ${locked.name}\` stops the build`;
  return isFrozen(reader)
    ? `\`uv ${reader.name}\` installs what was locked earlier`
    : `\`uv ${reader.name}\` locks again in the build`;
};
