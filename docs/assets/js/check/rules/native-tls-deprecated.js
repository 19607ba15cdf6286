// @ts-check
import { atText, replaceIn } from "../line-edits.js";

/** @type {Rule} */
export const rule = {
  id: "native-tls-deprecated",
  title: "UV_NATIVE_TLS is deprecated",
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
          message: "uv warns about this variable. Its new name is `UV_SYSTEM_CERTS`.",
          fix: replaceIn(project, instruction, /\bUV_NATIVE_TLS\b/, "UV_SYSTEM_CERTS"),
        })),
    ),
};
