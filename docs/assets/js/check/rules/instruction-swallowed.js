// @ts-check
const INSTRUCTION =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|RUN|USER|WORKDIR)\s/;
const CONTINUES = /\s*\\\s*$/;

/** @type {Rule} */
export const rule = {
  id: "instruction-swallowed",
  title: "An instruction is part of the one above it",
  advice: "Remove the backslash at the end of the line above.",
  severity: "breaks",
  claims: [],
  lacks:
    "Comments and empty lines do not end an instruction whose last line ends with a backslash.",
  check: ({ stages, lines }) =>
    stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword, heredocs }) => keyword !== "ONBUILD" && heredocs.length === 0)
        .flatMap(({ keyword, line: first, lastLine: last }) => {
          const inside = lines.slice(first, last);
          const line = first + 1 + inside.findIndex((each) => INSTRUCTION.test(each));
          if (line === first || /^HEALTHCHECK$/.test(keyword)) return [];
          const above = lines.slice(0, line - 1).findLastIndex((each) => CONTINUES.test(each)) + 1;
          const mark = { line, lastLine: line };
          const message = `Line ${above} ends with a backslash, so this line is part of the instruction in line ${first}.`;
          const text = [lines[above - 1].replace(CONTINUES, "")];
          const fix = [{ line: above, lastLine: above, text }];
          return [{ ...mark, message, fix }];
        }),
    ),
};
