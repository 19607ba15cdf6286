// @ts-check
import { LOCK_STAGE, PATTERN_A } from "../sources.js";
import { insertAfter, replaceOnce } from "../texts.js";
import {
  aptParagraph,
  INSTALL,
  withDatabase,
  withExtras,
  withFolders,
  withIndexSecret,
  withServer,
  withStaticComment,
} from "./dockerfile-parts.js";

/** The single stage of Pattern A, or the lock stage and one more. @param {Kit} kit */
export const patternA = (kit) => {
  const { answers, read } = kit;
  const hasLockStage = answers.lockStage === "yes";
  let text = read(hasLockStage ? LOCK_STAGE : PATTERN_A, "Dockerfile");
  if (answers.system === "library") {
    text = insertAfter(
      text,
      hasLockStage ? "FROM base AS prod" : "\nFROM python:",
      aptParagraph(kit),
    );
  }
  if (answers.private === "index") text = withIndexSecret(text, INSTALL, kit);
  if (hasLockStage) text = withFolders(text);
  if (hasLockStage && answers.server === "uvicorn") {
    text = replaceOnce(text, "COPY gunicorn.conf.py healthcheck.py ./", "COPY healthcheck.py ./");
  }
  return withServer(withDatabase(withStaticComment(withExtras(text, kit), kit), kit), kit);
};
