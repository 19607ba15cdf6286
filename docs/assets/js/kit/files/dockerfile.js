// @ts-check
import { codeFolder } from "../names.js";
import { replaceOnce } from "../texts.js";
import { patternA } from "./dockerfile-a.js";
import { patternB } from "./dockerfile-b.js";
import { patternC } from "./dockerfile-c.js";
import { withSettingsModule } from "./dockerfile-parts.js";
import { withBuildVariables } from "./variables.js";

const BUILDERS = { a: patternA, b: patternB, c: patternC };

/** @param {Kit} kit @returns {KitFile} */
export const dockerfile = (kit) => ({
  path: "Dockerfile",
  text: withCode(withBuildVariables(withSettingsModule(BUILDERS[kit.pattern](kit), kit), kit), kit),
  kind: "file",
  note: "`docker build` and Compose build the image from this file.",
});

// The lines that copy what is beside manage.py.
const COPIED = /^COPY (?=manage\.py |«(?:settings|package|static|folder)»)/gm;

/** Copy the code from its folder. The image has the code without this folder. @param {string} text @param {Kit} kit */
const withCode = (text, { answers, names }) => {
  const folder = codeFolder(names, answers);
  if (answers.layout === "src" || folder === "") return text;
  const copied = text.replace(COPIED, `COPY ${folder}`);
  const code = `COPY ${folder.slice(0, -1)} ./`;
  if (copied.includes("\nCOPY --chown=app:app . .\n")) {
    const own = code.replace("COPY ", "COPY --chown=app:app ");
    return replaceOnce(copied, "COPY --chown=app:app . .\n", `COPY --chown=app:app . .\n${own}\n`);
  }
  const files =
    answers.server === "gunicorn" ? "gunicorn.conf.py healthcheck.py" : "healthcheck.py";
  return copied.replace("\nCOPY . .\n", `\nCOPY ${files} ./\n${code}\n`);
};
