// @ts-check
import { PATTERN_A, PATTERN_C } from "../sources.js";

/** The program of the health check. @param {Kit} kit @returns {KitFile} */
export const healthcheck = ({ answers, read }) =>
  answers.layout === "src"
    ? {
        path: "src/«settings»/healthcheck.py",
        text: read(PATTERN_C, "src/tracking/healthcheck.py"),
        kind: "file",
        note: "HEALTHCHECK in the Dockerfile runs this program.",
      }
    : {
        path: "healthcheck.py",
        text: read(PATTERN_A, "healthcheck.py"),
        kind: "file",
        note: "HEALTHCHECK in the Dockerfile runs this program.",
      };
