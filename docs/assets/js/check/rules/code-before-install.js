// @ts-check
import { lineage } from "../base-images.js";
import { at } from "../line-edits.js";
import { programName } from "../shell-commands.js";
import { installsDependencies, uvCall } from "../uv-calls.js";

const WHOLE = /^(?:\.|\.\/|\.\/\*|\*|\/)?$/;

/** @type {Rule} */
export const rule = {
  id: "code-before-install",
  title: "Every edit of the code installs every package again",
  advice: "Copy `pyproject.toml` and `uv.lock`, install, and copy the code after that.",
  severity: "slow",
  claims: [
    "code-copied-before-the-install-makes-each-edit-install-again",
    "code-copied-after-the-install-leaves-it-cached",
  ],
  check: (project) => {
    if (isAllowlist(project)) return [];
    const install = firstInstall(project);
    if (!install) return [];
    const { instruction, stage } = install;
    const above = lineage(project.dockerfile, stage).flatMap(({ instructions }) => instructions);
    const before = above.slice(0, above.indexOf(instruction));
    const copy = before.find((each) => copiesCode(project, each));
    const mount = instruction.mounts.find(
      ({ type, origin, options }) =>
        type === "bind" && !origin && WHOLE.test(options.source ?? "."),
    );
    if (!copy && !mount) return [];
    const source = copy ? copy.words.slice(0, -1).join(" ") : ".";
    const message = `An edit of any file in \`${source}\` runs the install in line ${instruction.line} again, because ${copy ? "this step comes before it" : "it mounts them all"}.`;
    return [{ ...at(copy ?? instruction), message }];
  },
};

/** The first command that installs packages of others. @param {CheckedProject} project */
const firstInstall = ({ commands, installs }) =>
  commands.find((command) => {
    const call = uvCall(command);
    if (call) {
      return installs.some(
        (each) => each.instruction === command.instruction && installsDependencies(each),
      );
    }
    const [first = "", second = ""] = command.words;
    const program = programName(first);
    if (/^pip3?$/.test(program)) {
      return (
        second === "install" && command.words.some((word) => /^(?:-r|--requirement)/.test(word))
      );
    }
    return /^(?:poetry|pipenv)$/.test(program) && /^(?:install|sync)$/.test(second);
  });

/**
 * An allowlist in .dockerignore can leave next to nothing of `COPY . .`.
 * @param {CheckedProject} project
 */
const isAllowlist = ({ input }) => /^\s*\*\*?\s*$/m.test(input.dockerignore ?? "");

/** @param {CheckedProject} project @param {DockerfileInstruction} instruction */
const copiesCode = ({ input }, { keyword, origin, words }) => {
  if ((keyword !== "COPY" && keyword !== "ADD") || origin) return false;
  return words.slice(0, -1).some((source) => {
    if (WHOLE.test(source)) return true;
    const folder = `${source.replace(/^\.\//, "").replace(/\/$/, "")}/`;
    const files = Object.keys(input.files ?? {});
    return files.some((path) => path.startsWith(folder) && /(?:views|models|urls)\.py$/.test(path));
  });
};
