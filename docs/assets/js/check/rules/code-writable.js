// @ts-check
import { originStage } from "../checked-project.js";
import { copyTarget } from "../ignored-files.js";
import { at, atCommand } from "../line-edits.js";
import { absolute, clean, isWithin, withoutSlash } from "../paths.js";
import { isRoot } from "../uv-calls.js";

/** @type {Rule} */
export const rule = {
  id: "code-writable",
  title: "The server can change its own code",
  advice:
    "Keep the code owned by root, and let the server write only to the folders that it needs.",
  severity: "risky",
  claims: ["with-chown-the-container-can-change-the-code"],
  noFix: "The checker cannot tell which folders the server has to write to.",
  check: (project) => {
    const user = project.shipped.end.user.split(":")[0];
    if (project.isDevelopment || isRoot(user)) return [];
    const found = copied(project, user) ?? changed(project, user);
    const message = `The code belongs to \`${user}\`, so a process in the container can change it.`;
    return found ? [{ ...found, message }] : [];
  },
};

/** @param {CheckedProject} project @param {string} user */
const copied = (project, user) => {
  const copy = project.image.find(
    (instruction) =>
      copiesCode(project, instruction) &&
      instruction.flags.some(([name, value]) => name === "chown" && value.split(":")[0] === user),
  );
  return copy && at(copy);
};

/** Mark a `chown -R` of the copied code. @param {CheckedProject} project @param {string} user */
const changed = (project, user) => {
  const command = project.commands.find(({ words, instruction, workdir }) => {
    const index = project.image.indexOf(instruction);
    const [program, ...rest] = words;
    const [owner = "", ...paths] = rest.filter((word) => !word.startsWith("-"));
    if (program !== "chown" || rest.length === paths.length + 1 || index < 0) return false;
    return (
      owner.split(":")[0] === user &&
      paths.some((path) => hasCode(project, project.image.slice(0, index), absolute(workdir, path)))
    );
  });
  return command && atCommand(project, command, /\bchown\b/);
};

/** @param {CheckedProject} project @param {DockerfileInstruction[]} above @param {string} folder */
const hasCode = (project, above, folder) =>
  above.some(
    (each) => copiesCode(project, each) && isWithin(copyTarget(each), withoutSlash(folder)),
  );

/**
 * Whether an instruction copies the build context, or what another stage has copied from it.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @returns {boolean}
 */
const copiesCode = (project, instruction) => {
  const { keyword, words, origin } = instruction;
  if (keyword !== "COPY" && keyword !== "ADD") return false;
  const sources = words.slice(0, -1);
  const files = Object.keys(project.input.files ?? {}).filter((path) => path.endsWith(".py"));
  const hasPython = (/** @type {string} */ word) =>
    files.some((path) => isWithin(path, clean(word)));
  if (!origin) return sources.some((word) => /^\.?\/?$/.test(word) || hasPython(word));
  if (origin.stage === undefined) return false;
  const { instructions } = originStage(project.dockerfile, instruction);
  return instructions.some(
    (each) =>
      copiesCode(project, each) &&
      sources.some((word) => isWithin(copyTarget(each), withoutSlash(word))),
  );
};
