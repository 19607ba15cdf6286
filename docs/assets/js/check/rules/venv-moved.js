// @ts-check
import { originStage } from "../checked-project.js";
import { SYSTEM } from "../environments.js";
import { at } from "../line-edits.js";
import { absolute, isWithin, withoutSlash } from "../paths.js";
import { programName } from "../shell-commands.js";
import { startedProgram } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "venv-moved",
  title: "The virtual environment is copied to another path",
  advice: "Make the environment at the path where the last stage has it.",
  severity: "breaks",
  claims: ["the-scripts-of-a-moved-environment-do-not-start"],
  noFix: "You may also have to change the path in `PATH` and in the start command.",
  check: (project) => {
    if (/relocatable/i.test(project.input.dockerfile)) return [];
    return project.image
      .filter(({ keyword, origin }) => keyword === "COPY" && origin?.stage !== undefined)
      .flatMap((instruction) => {
        const moved = project.installs
          .filter(
            ({ stage, target }) => comesFrom(project, instruction, stage) && target !== SYSTEM,
          )
          .map(({ target }) => ({ target, to: newPath(instruction, target) }))
          .find(({ target, to }) => to !== undefined && to !== target);
        if (!moved) return [];
        const program = programName(scriptOf(project) ?? "gunicorn");
        const message = `The scripts name the Python of \`${moved.target}\`, so \`${program}\` does not start from \`${moved.to}\`.`;
        return [{ ...at(instruction), message }];
      });
  },
};

/** @param {CheckedProject} project @param {DockerfileInstruction} copy @param {DockerfileStage} stage */
const comesFrom = ({ dockerfile }, copy, stage) => {
  let from = originStage(dockerfile, copy);
  while (from !== stage && from.baseStage !== undefined) from = dockerfile.stages[from.baseStage];
  return from === stage;
};

/**
 * Return the path that a copied environment gets, or undefined if it is not copied whole.
 * @param {DockerfileInstruction} copy
 * @param {string} environment
 */
const newPath = ({ words, workdir }, environment) => {
  const target = absolute(workdir, words.at(-1) ?? "");
  const source = words
    .slice(0, -1)
    .map((word) => withoutSlash(absolute("/", word)))
    .find((path) => isWithin(environment, path));
  if (source === undefined) return undefined;
  return withoutSlash(
    absolute(withoutSlash(target), `.${environment.slice(source === "/" ? 0 : source.length)}`),
  );
};

/** Return the first program that is not Python. @param {CheckedProject} project */
const scriptOf = ({ start }) =>
  start.commands
    .map((command) => startedProgram(command)[0])
    .find((word) => word && !/python/.test(word));
