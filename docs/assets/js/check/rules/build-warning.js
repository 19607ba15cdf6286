// @ts-check
import { atText, replaceAll, replaceIn } from "../line-edits.js";

const LEGACY_ENV = /^ENV\s+([A-Za-z_]\w*)\s+([^\s=].*)$/i;
const LOWER_CASE_AS = /^(FROM\s.*\s)as(\s+\S+)$/;
const FIXED_PLATFORM = /--platform=(?!\$)\S+/;

/** @type {Rule} */
export const rule = {
  id: "build-warning",
  title: "Docker prints a warning about this line",
  advice: "Change the line until `docker build --check` reports nothing.",
  severity: "untidy",
  claims: ["docker-checks-the-form-of-instructions"],
  check: (project) => [
    ...legacyVariables(project),
    ...lowerCase(project),
    ...fixedPlatforms(project),
  ],
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const legacyVariables = (project) => {
  const found = project.stages.flatMap(({ instructions }) =>
    instructions.flatMap((instruction) => {
      const { keyword, line, lastLine } = instruction;
      const match = LEGACY_ENV.exec((project.lines[line - 1] ?? "").trim());
      if (keyword !== "ENV" || line !== lastLine || !match) return [];
      return [{ instruction, name: match[1], value: match[2] }];
    }),
  );
  return found.slice(0, 1).map(({ instruction, name }) => ({
    ...atText(project, instruction, name),
    message: `\`ENV ${name}\` without \`=\` is an old form, about which \`docker build --check\` warns.`,
    fix: found.flatMap((each) => {
      const value = /[\s"'\\]/.test(each.value) ? JSON.stringify(each.value) : each.value;
      return replaceAll(each.instruction, `ENV ${each.name}=${value}`);
    }),
  }));
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const lowerCase = (project) => {
  const found = project.stages.map(({ start }) => start).filter(hasLowerCase(project));
  return found.slice(0, 1).map((start) => ({
    ...atText(project, start, /\bas\b/),
    message: "`FROM` and `as` differ in case, about which `docker build --check` warns.",
    fix: found.flatMap((each) => replaceIn(project, each, LOWER_CASE_AS, "$1AS$2") ?? []),
  }));
};

/** @param {CheckedProject} project @returns {(start: DockerfileInstruction) => boolean} */
const hasLowerCase =
  ({ lines }) =>
  ({ line }) =>
    LOWER_CASE_AS.test((lines[line - 1] ?? "").trim());

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fixedPlatforms = (project) =>
  project.stages.flatMap(({ start }) => {
    const platform = FIXED_PLATFORM.exec(project.lines[start.line - 1] ?? "")?.[0];
    if (!platform || start.keyword !== "FROM") return [];
    const message = `\`${platform}\` names one platform for every machine, about which \`docker build --check\` warns.`;
    return [{ ...atText(project, start, platform), message }];
  });
