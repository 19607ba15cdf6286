// @ts-check
import { isInCacheMount } from "../checked-project.js";
import { atText } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "venv-in-cache-mount",
  title: "The environment stays in the build cache",
  advice: "Mount uv's cache folder instead, such as `/root/.cache/uv`.",
  severity: "breaks",
  claims: [],
  notTried: "A start of such an image.",
  noFix: "The step may need the mount if it copies the environment elsewhere.",
  check: (project) =>
    project.installs
      .filter(
        (call) =>
          project.image.includes(call.instruction) &&
          isInCacheMount(call, call.target) &&
          !project.isDevelopment &&
          !/\b(?:cp|mv|rsync|tar)\b/.test(call.instruction.script),
      )
      .slice(0, 1)
      .map(({ instruction, target }) => ({
        ...atText(project, instruction, "type=cache"),
        message: `\`${target}\` is in a cache mount, so the image does not contain what this step installs.`,
      })),
};
