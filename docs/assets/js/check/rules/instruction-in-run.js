// @ts-check

const INSTRUCTION = /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|RUN|USER|WORKDIR)\s/;
const BACKSLASH = /\s*\\\s*$/;

/** @type {Rule} */
export const rule = {
  id: "instruction-in-run",
  title: "A backslash makes an instruction part of the step above",
  advice: "Remove the backslash.",
  severity: "breaks",
  claims: [],
  notTried: "A build of such a file.",
  check: ({ lines, commands }) => {
    const steps = new Set(commands.map(({ instruction }) => instruction));
    return [...steps].flatMap(({ line: first, lastLine, heredocs }) => {
      const index = lines.findIndex(
        (text, each) => each >= first && each < lastLine && INSTRUCTION.test(text),
      );
      if (index < 0 || heredocs.length > 0) return [];
      const line = lines.slice(0, index).findLastIndex((text) => BACKSLASH.test(text)) + 1;
      const message = `Line ${line} ends with a backslash, so the shell gets this line as a part of its command.`;
      const text = [lines[line - 1].replace(BACKSLASH, "")];
      return [
        { line: index + 1, lastLine: index + 1, message, fix: [{ line, lastLine: line, text }] },
      ];
    });
  },
};
