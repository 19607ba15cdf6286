// @ts-check
import { at, withOption } from "../line-edits.js";
import { allRequirements, packageName } from "../pyproject-tables.js";
import { programName } from "../shell-commands.js";
import { isServer, startedProgram } from "../start-commands.js";
import { takesExtra, takesGroup } from "../uv-calls.js";
import { has, values } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "server-not-installed",
  title: "No step installs the server",
  advice: "Pass the group or extra to `uv sync`.",
  severity: "breaks",
  claims: [
    "no-dev-brings-no-server-from-the-group-prod",
    "uv-run-cannot-start-a-program-that-is-not-installed",
  ],
  check: (project) => {
    const { pyproject, installs, start } = project;
    const command = start.commands.find(isServer);
    const shipped = installs.filter(({ ships }) => ships);
    const syncs = shipped.filter(({ name }) => name === "sync");
    const missing = command && lockedNowhere(project, command, shipped);
    if (missing) return [missing];
    if (!pyproject || !command || syncs.length === 0) return [];
    // Other installers can bring the server.
    const isOther = (/** @type {UvInstall} */ { name }) => name !== "sync" && name !== "run";
    if (shipped.some(isOther) || installsElsewhere(project)) return [];
    const name = programName(startedProgram(command)[0]);
    const owners = ownersOf(pyproject, name);
    if (
      owners.length === 0 ||
      owners.some((owner) => shipped.some((call) => isAsked(owner, call, pyproject)))
    ) {
      return [];
    }
    const [{ kind, label }] = owners;
    const message = `\`${name}\` is only in the ${kind} \`${label}\`, which no \`uv sync\` installs, so the container does not start.`;
    const fix = fixed(project, syncs, `--${kind} ${label}`);
    return [{ ...at(command.instruction), message, fix }];
  },
};

/**
 * Mark a server that the project and its lockfile do not name, if nothing else is installed.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 * @param {UvInstall[]} shipped
 */
const lockedNowhere = (project, command, shipped) => {
  const { pyproject, input } = project;
  const name = programName(startedProgram(command)[0]);
  const lock = input.texts?.["uv.lock"];
  const isNamed = lock?.includes(`name = "${name}`) || allRequirements(pyproject).some(isFor(name));
  if (!pyproject || !lock || isNamed || shipped.length === 0) return undefined;
  if (!shipped.every(isOfProject(project)) || installsElsewhere(project)) return undefined;
  const message = `\`${name}\` is neither in pyproject.toml nor in uv.lock, so the container does not start.`;
  return { ...at(command.instruction), message };
};

/** Whether a call installs what the project names. @param {CheckedProject} project */
const isOfProject =
  ({ uv, input }) =>
  (/** @type {UvInstall} */ call) => {
    if (call.name === "sync") return true;
    if (call.name === "run") return !has(call, "--with");
    const files = values(call, "--requirements");
    // The options of `uv pip compile` are not known, so the file is among its operands.
    const written = uv
      .filter(({ name }) => /^(?:export|pip compile)$/.test(name))
      .flatMap((each) => [...values(each, "--output-file"), ...each.operands].map(programName));
    return (
      call.operands.length === 0 &&
      files.every(
        (file) =>
          /pyproject\.toml$/.test(file) ||
          (written.includes(programName(file)) && input.files?.[file] === undefined),
      )
    );
  };

/**
 * Return the groups and extras that name a package, or nothing if the project needs it directly.
 * @param {PyprojectTables} pyproject
 * @param {string} name
 */
const ownersOf = ({ dependencies, extras, groups }, name) => {
  const isNamed = isFor(name);
  if (dependencies.some(isNamed)) return [];
  const owners = [
    ...Object.entries(groups).map(([label, list]) => ({ kind: "group", label, list })),
    ...Object.entries(extras).map(([label, list]) => ({ kind: "extra", label, list })),
  ];
  return owners.filter(({ list }) => list.some(isNamed));
};

/** Whether a requirement is a package with a program. @param {string} name */
const isFor = (name) => (/** @type {string} */ requirement) => {
  const own = packageName(requirement);
  return own.split("-").includes(name) || own.endsWith(name);
};

/**
 * @param {{ kind: string, label: string }} owner
 * @param {UvCall} call
 * @param {PyprojectTables} pyproject
 */
const isAsked = ({ kind, label }, call, pyproject) =>
  kind === "extra" ? takesExtra(call, label) : takesGroup(call, label, pyproject.defaultGroups);

/** @param {CheckedProject} project */
const installsElsewhere = ({ commands }) =>
  commands.some(
    ({ words }) =>
      /^(?:pip3?|poetry|pipenv|apt-get|apt)$/.test(programName(words[0])) &&
      words.some((word) => /^(?:gunicorn|uvicorn|daphne|granian|hypercorn)/.test(word)),
  );

/**
 * Ask for the group or the extra in every step that installs.
 * @param {CheckedProject} project
 * @param {UvInstall[]} syncs
 * @param {string} option
 */
const fixed = (project, syncs, option) => {
  const edits = syncs.map((call) =>
    has(call, "--only-group", "--only-dev")
      ? undefined
      : withOption(project, call.instruction, option),
  );
  return edits.includes(undefined) ? undefined : edits.flatMap((edit) => edit ?? []);
};
