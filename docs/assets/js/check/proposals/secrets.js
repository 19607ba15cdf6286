// @ts-check
// Proposals for secrets in ENV.

import { fileLines, withoutVariable } from "../line-edits.js";
import { CREDENTIALS, isSecretName } from "../secret-names.js";
import { programName } from "../shell-commands.js";

// Programs that do not start Django, and to which the variables of an application say nothing.
const OTHER_PROGRAM =
  /^(?:uv|pip3?|apt|apt-get|apk|adduser|addgroup|useradd|groupadd|chmod|chown|cp|echo|export|install|ln|mkdir|mv|rm|set|touch)$/;
const OF_A_TOOL = /^(?:UV|PIP|GIT|POETRY|NPM)_/;

/**
 * Remove a secret that no step of the build reads.
 * @param {CheckedProject} project
 * @param {RuleFinding} finding
 * @returns {Proposal | undefined}
 */
export const withoutSecret = (project, { line, file }) => {
  const { image, commands, stages } = project;
  const instruction = image.find((each) => each.line === line && each.keyword === "ENV");
  const [name] =
    instruction?.assignments.find(
      ([each, value = ""]) => value !== "" && (isSecretName(each) || CREDENTIALS.test(value)),
    ) ?? [];
  if (!name || file !== undefined || OF_A_TOOL.test(name)) return undefined;
  const mentions = stages
    .flatMap(({ instructions }) => instructions)
    .filter((each) => each !== instruction)
    .some((each) =>
      fileLines(project)
        .slice(each.line - 1, each.lastLine)
        .some((text) => text.includes(name)),
    );
  const isRead = commands.some(({ words, uv }) => {
    const startsProgram = uv && uv.name === "run";
    return startsProgram || !OTHER_PROGRAM.test(programName(words[0]));
  });
  const edits = mentions || isRead ? undefined : withoutVariable(project, name);
  return (
    edits && {
      condition: `Set \`${name}\` when you start a container, for example with \`docker run --env ${name}=VALUE IMAGE\`. The image no longer contains a value.`,
      edits,
    }
  );
};
