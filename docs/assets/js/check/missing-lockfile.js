// @ts-check
// Whether a call of uv fails because no line brings it the lockfile.

import { isFrozen, isLocked } from "./uv-calls.js";

const OTHER_FILE =
  /^[^*?[]*(?<=^|\/)(?:uvx?|(?:README|LICENSE)[^/*]*|[^/*?]+\.(?:toml|md|rst|txt|py|sh|cfg|ini|json))$/;
const MAKES_FILES = /\b(?:git|curl|wget|tar|unzip|make|uv\s+(?:lock|init|add|run))\b|\.sh\b/;

/**
 * Return whether a call needs uv.lock, and the lines above copy pyproject.toml alone.
 * @param {CheckedProject} project
 * @param {UvCall} call
 */
export const lacksLockfile = ({ stages }, call) => {
  if (call.name !== "sync" || !(isLocked(call) || isFrozen(call))) return false;
  const above = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ line }) => line <= call.instruction.line);
  return above.some(copiesPyproject) && !above.some(mayBringLockfile);
};

/** @param {DockerfileInstruction} instruction */
const copiesPyproject = ({ keyword, words, origin }) =>
  keyword === "COPY" && !origin && words.slice(0, -1).some((word) => /pyproject\.toml$/.test(word));

/** @param {DockerfileInstruction} instruction */
const mayBringLockfile = ({ keyword, words, mounts, script }) => {
  const isCopy = keyword === "COPY" || keyword === "ADD";
  const sources = [
    ...(isCopy ? words.slice(0, -1) : []),
    ...mounts.filter(({ type }) => type === "bind").map(({ options }) => options.source ?? "."),
  ];
  if (sources.some((source) => !OTHER_FILE.test(source))) return true;
  return keyword === "RUN" && MAKES_FILES.test(script);
};
