// @ts-check
import { PATTERN_A, PATTERN_B } from "../sources.js";

/** The settings of gunicorn. @param {Kit} kit @returns {KitFile | undefined} */
export const gunicornConf = ({ answers, read }) => {
  if (answers.server !== "gunicorn") return undefined;
  const example = answers.database === "sqlite" ? PATTERN_A : PATTERN_B;
  return {
    path: "gunicorn.conf.py",
    text: read(example, "gunicorn.conf.py"),
    kind: "file",
    note: "gunicorn reads this file from the working directory.",
  };
};
