// @ts-check
import { atText, replaceIn } from "../line-edits.js";
import { isOptionalLockfile } from "./lockfile-ignored.js";

/** @type {Rule} */
export const rule = {
  id: "lockfile-optional",
  title: "The build continues without uv.lock",
  advice: "Name `uv.lock` without a wildcard.",
  severity: "untidy",
  claims: ["a-wildcard-that-matches-nothing-is-no-error"],
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) => {
        const { keyword, origin, words } = instruction;
        const source = words.slice(0, -1).find(isOptionalLockfile);
        if (keyword !== "COPY" || origin || source === undefined) return [];
        return [
          {
            ...atText(project, instruction, source),
            message: `If uv.lock is missing, \`${source}\` matches nothing, and this step does not fail.`,
            fix: replaceIn(project, instruction, /\buv\.(?:loc\[k\]|lock?\*|\*)/, "uv.lock"),
          },
        ];
      }),
    ),
};
