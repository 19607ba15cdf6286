// @ts-check
import { atText, replaceIn } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "native-tls-deprecated",
  title: "UV_NATIVE_TLS is deprecated",
  advice: "Rename the variable to `UV_SYSTEM_CERTS`.",
  severity: "untidy",
  claims: ["uv-native-tls-is-deprecated"],
  check: (project) =>
    project.stages.flatMap(({ instructions }) =>
      instructions
        .filter(
          ({ keyword, assignments }) =>
            keyword === "ENV" && assignments.some(([name]) => name === "UV_NATIVE_TLS"),
        )
        .map((instruction) => ({
          ...atText(project, instruction, "UV_NATIVE_TLS"),
          message: "uv prints a warning about this variable.",
          fix: replaceIn(project, instruction, /\bUV_NATIVE_TLS\b/, "UV_SYSTEM_CERTS"),
        })),
    ),
};
