// @ts-check
import { isForDevelopment } from "../development-groups.js";
import { atCommand, replaceIn, withOption } from "../line-edits.js";
import { takesGroup } from "../uv-calls.js";
import { has, values } from "../uv-command.js";
import { withoutSyncInRuns } from "../uv-runs.js";

/** @type {Rule} */
export const rule = {
  id: "dev-group-shipped",
  title: "The image contains packages for development",
  advice: "Pass `--no-default-groups`, and name the groups that production needs.",
  severity: "breaks",
  claims: [
    "uv-sync-installs-the-dev-group-unasked",
    "no-dev-leaves-the-other-default-groups",
    "all-groups-adds-every-group-and-no-extra",
    "default-groups-takes-the-place-of-dev",
  ],
  check: (project) => {
    if (project.isDevelopment) return [];
    const last = project.installs.findLast(({ name, ships }) => name === "sync" && ships);
    if (!last) return [];
    const groups = installedGroups(project, last);
    if (groups.length === 0) return [];
    return [
      {
        ...atCommand(project, last, /\buv\s.*\bsync\b/),
        message: message(project, last, groups),
        fix: fixed(project, last, groups),
      },
    ];
  },
};

/**
 * Leave the default groups for development out, also of each `uv run` that would install them again.
 * That is not possible if a flag asks for one of them or one of them has the server.
 * @param {CheckedProject} project
 * @param {UvInstall} call
 * @param {string[]} groups
 */
const fixed = (project, call, groups) => {
  const asked = values(call, "--group", "--only-group");
  const isAsked =
    has(call, "--dev", "--all-groups", "--only-dev", "--no-default-groups") ||
    groups.some((name) => asked.includes(name));
  if (isAsked || hasServer(project, groups)) return undefined;
  const { groups: all = {}, defaultGroups } = project.pyproject ?? {};
  const kept = Object.keys(all).filter(
    (name) => !isForDevelopment(name) && takesGroup(call, name, defaultGroups),
  );
  const options = ["", ...kept.filter((name) => !asked.includes(name))].join(" --group ");
  const edits = has(call, "--no-dev")
    ? replaceIn(project, call.instruction, /--no-dev\b/, `--no-default-groups${options}`)
    : withOption(project, call.instruction, `--no-default-groups${options}`);
  return edits && withoutSyncInRuns(project, call, groups, edits);
};

/** @param {CheckedProject} project @param {string[]} groups */
const hasServer = ({ pyproject }, groups) =>
  !pyproject ||
  groups.some((name) =>
    pyproject.groups[name]?.some((each) => /gunicorn|uvicorn|daphne/.test(each)),
  );

/**
 * Return the groups for development that a call installs. Those of an unknown project are the dev
 * group and the groups that the call names.
 * @param {CheckedProject} project
 * @param {UvCall} call
 */
const installedGroups = ({ pyproject }, call) => {
  const asked = values(call, "--group", "--only-group");
  const names = pyproject ? Object.keys(pyproject.groups) : [...new Set(["dev", ...asked])];
  return names.filter(
    (name) =>
      isForDevelopment(name) &&
      pyproject?.groups[name]?.length !== 0 &&
      takesGroup(call, name, pyproject?.defaultGroups),
  );
};

/** @param {CheckedProject} project @param {UvCall} call @param {string[]} groups */
const message = ({ pyproject }, call, groups) => {
  if (!pyproject) {
    return has(call, "--all-groups")
      ? "`--all-groups` installs every group of pyproject.toml, also those for development."
      : "`uv sync` also installs the `dev` group, if pyproject.toml has one, because no flag leaves it out.";
  }
  const packages = groups.flatMap((name) => pyproject.groups[name]).slice(0, 3);
  const list = groups.map((name) => `\`${name}\``).join(", ");
  return `\`uv sync\` also installs the group ${list} with ${packages.map((each) => /^[\w.-]+/.exec(each)?.[0]).join(", ")}.`;
};
