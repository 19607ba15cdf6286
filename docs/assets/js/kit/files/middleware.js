// @ts-check
import { codeFolder, middlewarePackage } from "../names.js";
import { PATTERN_A, PATTERN_C } from "../sources.js";

/** The middleware that answers health checks. @param {Kit} kit @returns {KitFile} */
export const middleware = ({ answers, names, read }) => {
  const folder = middlewarePackage(names, answers).replaceAll(".", "/");
  return {
    path: `${codeFolder(names, answers)}${folder}/middleware.py`,
    text:
      answers.server === "uvicorn"
        ? read(PATTERN_C, "src/tracking/middleware.py")
        : read(PATTERN_A, "status/middleware.py"),
    kind: "file",
    note: "This middleware answers the health check. If you already have a middleware.py, add the class to it.",
  };
};
