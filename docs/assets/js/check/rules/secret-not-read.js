// @ts-check
import { atText } from "../line-edits.js";

// uv, pip and Git read these files by themselves.
const KNOWN_FILES =
  /(?:\.netrc|pip\.conf|\.git-credentials|\.gitconfig|uv\.toml|credentials\.toml|\.pypirc|\.npmrc|config|\.env)$/;

/** @type {Rule} */
export const rule = {
  id: "secret-not-read",
  title: "Nothing reads a secret",
  advice: "Add `env=` with the variable that uv reads, such as `UV_INDEX_NAME_PASSWORD`.",
  severity: "breaks",
  claims: ["a-secret-that-nothing-reads-is-of-no-use", "env-makes-a-secret-a-variable-of-one-step"],
  noFix: "The checker cannot tell the name of the index, which is part of the variable.",
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions.flatMap((instruction) =>
        instruction.mounts
          .filter((mount) => mount.type === "secret" && !isRead(project, instruction, mount))
          .map(({ options }) => ({
            ...atText(project, instruction, "type=secret"),
            message: `No line of the Dockerfile reads the secret \`${options.id ?? options.target}\`, so the index does not get it.`,
          })),
      ),
    ),
};

/**
 * A helper in another step can read it, and so can a script.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 * @param {DockerfileMount} mount
 */
const isRead = ({ input }, instruction, { options }) => {
  if (options.env !== undefined) return true;
  const target = options.target ?? `/run/secrets/${options.id ?? ""}`;
  if (KNOWN_FILES.test(target)) return true;
  if (/\.(?:sh|py)\b|\bmake\b|\bjust\b|\$/.test(instruction.script.replace(/\$\(/g, "")))
    return true;
  const other = input.dockerfile.replace(/--mount=\S+/g, "");
  return other.includes(target) || other.includes("/run/secrets");
};
