// @ts-check
// The lines that findings mark, and the edits of lines that fix them.

/**
 * Mark a whole instruction.
 * @param {DockerfileInstruction} instruction
 */
export const at = ({ line, lastLine }) => ({ line, lastLine });

/**
 * Mark the first line of an instruction that contains a text. Without one, mark the instruction.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {string | RegExp} text
 */
export const atText = (project, instruction, text) => {
  const line = linesOf(project, instruction).find(({ content }) => content.match(pattern(text)));
  return line ? { line: line.line, lastLine: line.line } : at(instruction);
};

/**
 * Mark a command of a RUN instruction or of a start script.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 * @param {string | RegExp} text What the line contains, if it does not begin with the command.
 */
export const atCommand = (project, command, text) => {
  const { instruction, file } = command;
  const lines =
    file === undefined
      ? linesOf(project, instruction)
      : numbered(project.input.texts?.[file] ?? "");
  // As many words as are on one line as they are. Variables and line ends are in between.
  const starts = [5, 4, 3, 2].map((count) =>
    command.words.slice(0, count).map(asPattern).join("[\"',\\s]+"),
  );
  const matching = [...starts, pattern(text)].map((each) =>
    lines.find(({ content }) => content.match(each)),
  );
  const found = matching.find((line) => line !== undefined);
  if (!found) return file === undefined ? at(instruction) : { file, line: 1, lastLine: 1 };
  const mark = { line: found.line, lastLine: found.line };
  return file === undefined ? mark : { file, ...mark };
};

/** @param {string} text */
export const asPattern = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * Return the lines of a text without comments.
 * @param {string} text
 */
const numbered = (text) =>
  text
    .split("\n")
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => !isComment(content));

/** @param {string | RegExp} text */
const pattern = (text) => (typeof text === "string" ? asPattern(text) : text);

/**
 * Return the lines of an instruction without comments.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 */
const linesOf = ({ lines }, { line, lastLine }) =>
  lines
    .slice(line - 1, lastLine)
    .map((content, index) => ({ content, line: line + index }))
    .filter(({ content }) => !isComment(content));

/** @param {string} line */
export const isComment = (line) => /^\s*#/.test(line);

/**
 * Insert lines above an instruction and the comments that belong to it.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {string[]} text
 * @returns {LineEdit[]}
 */
export const insertAbove = ({ lines }, instruction, ...text) => {
  let { line } = instruction;
  while (line > 1 && isComment(lines[line - 2])) line -= 1;
  return [{ line, lastLine: line - 1, text }];
};

/**
 * Insert lines below an instruction.
 * @param {DockerfileInstruction} instruction
 * @param {string[]} text
 * @returns {LineEdit[]}
 */
export const insertBelow = ({ lastLine }, ...text) => [{ line: lastLine + 1, lastLine, text }];

/**
 * Replace a text that an instruction has once. Return undefined if it has the text several times, or
 * not at all.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {RegExp} expression
 * @param {string} replacement
 */
export const replaceIn = (project, instruction, expression, replacement) =>
  replaceOnce(linesOf(project, instruction), expression, replacement);

/**
 * @param {{ content: string, line: number }[]} lines
 * @param {RegExp} expression
 * @param {string} replacement
 * @returns {LineEdit[] | undefined}
 */
const replaceOnce = (lines, expression, replacement) => {
  const every = new RegExp(expression.source, `${expression.flags}g`);
  const matches = lines.flatMap((each) => (each.content.match(every) ?? []).map(() => each));
  if (matches.length !== 1) return undefined;
  const [{ content, line }] = matches;
  return [{ line, lastLine: line, text: content.replace(expression, replacement).split("\n") }];
};

/**
 * Return the edits that change lines of a file, each into one line or several. Comments stay.
 * @param {string[]} lines
 * @param {string[]} changed As many lines.
 * @param {string} [file] The Dockerfile by default.
 * @returns {LineEdit[]}
 */
export const changesTo = (lines, changed, file) =>
  changed.flatMap((text, index) => {
    const line = index + 1;
    const stays = text === lines[index] || isComment(text);
    return stays ? [] : [{ file, line, lastLine: line, text: text.split("\n") }];
  });

/**
 * Add an option to the only `uv sync` of an instruction, behind `--locked` or `--frozen`.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {string} option
 */
export const withOption = (project, instruction, option) =>
  replaceIn(project, instruction, /\buv sync\b(?: --(?:locked|frozen)\b)?/, `$& ${option}`);

/**
 * Replace an instruction.
 * @param {DockerfileInstruction} instruction
 * @param {string[]} text
 * @returns {LineEdit[]}
 */
export const replaceAll = ({ line, lastLine }, ...text) => [{ line, lastLine, text }];

/**
 * Move an instruction, with the comments that belong to it, below another one.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {DockerfileInstruction} other
 * @returns {LineEdit[]}
 */
export const moveBelow = (project, instruction, other) => {
  const [{ line }] = insertAbove(project, instruction);
  const { lastLine } = instruction;
  const moved = project.lines.slice(line - 1, lastLine);
  return [{ line, lastLine, text: [] }, ...insertBelow(other, ...moved)];
};

/**
 * Remove a variable from an ENV. Return undefined if the lines around it would have to change.
 * @param {CheckedProject} project
 * @param {string} name
 * @returns {LineEdit[] | undefined}
 */
export const withoutVariable = (project, name) => {
  const setting = project.stages
    .flatMap(({ instructions }) => instructions)
    .filter(
      ({ keyword, assignments }) =>
        keyword === "ENV" && assignments.some(([each]) => each === name),
    );
  if (setting.length !== 1) return undefined;
  const [instruction] = setting;
  if (instruction.assignments.length === 1) return replaceAll(instruction);
  const assignment = `${name}=(?:"[^"]*"|[^\\s\\\\"]+)`;
  const ownLine = linesOf(project, instruction).find(
    ({ content, line }) =>
      line > instruction.line && new RegExp(`^\\s*${assignment}\\s*\\\\$`).test(content),
  );
  if (ownLine) return [{ line: ownLine.line, lastLine: ownLine.line, text: [] }];
  return replaceIn(
    project,
    instruction,
    new RegExp(` +${assignment}(?= )|(?<=ENV.*) +${assignment}$`),
    "",
  );
};

/** Stands for the file that applies to the Dockerfile, such as `Dockerfile.dockerignore`. */
export const IGNORE_FILE = ".dockerignore";

/**
 * Add lines at the end of .dockerignore.
 * @param {CheckedProject} project
 * @param {string[]} text
 * @returns {LineEdit[]}
 */
export const addToIgnoreFile = ({ input }, ...text) => {
  const lines = (input.dockerignore ?? "").split("\n");
  const line = lines.at(-1) === "" ? lines.length : lines.length + 1;
  return [{ file: IGNORE_FILE, line, lastLine: line - 1, text }];
};

/** Return words in exec form. @param {string[]} words */
export const execForm = (words) => JSON.stringify(words).replaceAll('","', '", "');

/**
 * Return the lines of the Dockerfile, or of another file.
 * @param {CheckedProject} project
 * @param {string} [file]
 */
export const fileLines = ({ lines, input }, file) =>
  file === undefined ? lines : (input.texts?.[file] ?? "").split(/\r?\n/);

/**
 * Replace a text that a marked part of a file has once.
 * @param {CheckedProject} project
 * @param {{ file: string, line: number, lastLine: number }} mark
 * @param {RegExp} expression
 * @param {string} replacement
 * @returns {LineEdit[] | undefined}
 */
export const replaceInFile = (project, { file, line, lastLine }, expression, replacement) => {
  const marked = fileLines(project, file).slice(line - 1, lastLine);
  const lines = marked.map((content, index) => ({ content, line: line + index }));
  return replaceOnce(lines, expression, replacement)?.map((edit) => ({ file, ...edit }));
};

/**
 * Return the findings without those on the same line as an earlier one. Services and jobs can share
 * what a line says.
 * @param {RuleFinding[]} findings
 */
export const firstOnEachLine = (findings) =>
  [
    ...new Map(findings.toReversed().map((each) => [`${each.file}:${each.line}`, each])).values(),
  ].toReversed();
