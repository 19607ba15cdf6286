// @ts-check
import { lineage } from "../base-images.js";
import { atCommand, replaceIn } from "../line-edits.js";
import { isLocked } from "../uv-calls.js";
import { has } from "../uv-command.js";

/** @type {Rule} */
export const rule = {
  id: "workspace-members-missing",
  title: "The workspace's members are not in the image yet",
  advice:
    "Copy the members' pyproject.toml files first, or use `--frozen --no-install-workspace` in this step.",
  severity: "breaks",
  claims: [
    "locked-needs-the-members-of-a-workspace",
    "locked-works-with-the-members-pyproject-toml-files",
  ],
  check: (project) =>
    !project.pyproject?.isWorkspace
      ? []
      : project.installs
          .filter((call) => call.name === "sync" && isLocked(call) && !hasMembers(project, call))
          .map((call) => ({
            ...atCommand(project, call, /\buv\s.*\bsync\b/),
            fix: fixed(project, call),
            message:
              "`uv sync --locked` fails here, because it needs the pyproject.toml of every member.",
          })),
};

/** @param {CheckedProject} project @param {UvInstall} call */
const hasMembers = ({ dockerfile }, { stage, instruction }) => {
  const all = lineage(dockerfile, stage).flatMap(({ instructions }) => instructions);
  const above = all.slice(0, all.indexOf(instruction));
  const sources = [
    ...above
      .filter(({ keyword }) => keyword === "COPY" || keyword === "ADD")
      .flatMap(({ words, origin }) => (origin?.image ? [] : words.slice(0, -1))),
    ...instruction.mounts
      .filter(({ type }) => type === "bind")
      .map(({ options }) => options.source ?? "."),
  ];
  return sources.some(
    (source) => !/^(?:\.\/)?[\w.-]+\.(?:toml|lock|md|txt)\*?$|^\.python-version$/.test(source),
  );
};

/** A later step has to check the lockfile. @param {CheckedProject} project @param {UvInstall} call */
const fixed = (project, call) => {
  const { installs } = project;
  const isChecked = installs
    .slice(installs.indexOf(call) + 1)
    .some((each) => each.name === "sync" && isLocked(each) && hasMembers(project, each));
  const option = "--no-install-workspace";
  const frozen = has(call, option) ? "--frozen" : `--frozen ${option}`;
  return isChecked ? replaceIn(project, call.instruction, /--locked\b/, frozen) : undefined;
};
