// @ts-check
import { at, moveBelow } from "../line-edits.js";
import { installsDependencies } from "../uv-calls.js";

const CHANGING =
  /(?:^|_)(?:SHA|COMMIT|COMMIT_(?:SHA|HASH|ID|REF)|REVISION|VCS_REF|BUILD_(?:DATE|TIME|ID|NUMBER|TIMESTAMP)|CACHE_?BUST)$/i;

/** @type {Rule} */
export const rule = {
  id: "changing-arg-above-install",
  title: "A build argument that changes each time runs the install again",
  advice: "Move the `ARG` below the install step.",
  severity: "slow",
  claims: ["another-value-of-arg-installs-again", "an-arg-below-the-install-leaves-it-cached"],
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword }) => keyword === "ARG")
        .flatMap((instruction) => {
          const name = instruction.assignments
            .map(([each]) => each)
            .find((each) => CHANGING.test(each));
          const install = project.installs.find(
            (call) =>
              installsDependencies(call) &&
              instructions.indexOf(call.instruction) > instructions.indexOf(instruction),
          );
          if (name === undefined || !install) return [];
          const message = `Each new value of \`${name}\` runs the install in line ${install.instruction.line} again, even if nothing there reads it.`;
          return [{ ...at(instruction), message, fix: fixed(project, instruction, install) }];
        }),
    ),
};

/**
 * Move the ARG below the last install of its stage, unless a line in between reads its value.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {UvInstall} install
 */
const fixed = (project, instruction, { stage: { instructions } }) => {
  const [first, ...others] = instruction.assignments;
  const last = project.installs.findLast(
    (call) => installsDependencies(call) && instructions.includes(call.instruction),
  );
  if (others.length > 0 || !last) return undefined;
  const between = project.lines.slice(instruction.lastLine, last.instruction.lastLine);
  const isRead = between.some((line) => line.includes(first[0]));
  return isRead ? undefined : moveBelow(project, instruction, last.instruction);
};
