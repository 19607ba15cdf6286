// @ts-check
// The texts of examples from which the files of a kit are made.

export const PATTERN_A = "pattern-a-single-stage";
export const PATTERN_A_APT = "pattern-a-single-stage--apt";
export const PATTERN_B = "pattern-b-multi-stage";
export const PATTERN_C = "pattern-c-cache-mounts";
export const LOCK_STAGE = "lock-stage";
export const LOCK_STAGE_C = "pattern-c-cache-mounts--lock-stage";
export const SHOP = "after-uv";

const TEXT = /«text:([^»]*):(\d+)»/g;

/**
 * Return a function that reads the files of examples. What an example says about its own project is
 * kept only in a kit with the example's own names.
 * @param {KitSources} sources
 * @param {KitNames} names
 * @returns {ReadSource}
 */
export const reader = (sources, names) => (example, path) => {
  const source = sources.examples[example];
  const text = source?.files[path];
  if (text === undefined) throw new Error(`The kit's sources lack ${example}/${path}.`);
  if (!text.includes("«text:")) return text;
  const kind = hasNames(names, source.names) ? "own" : "general";
  return text.replace(TEXT, (_, name, index) => sources.examples[name].texts[Number(index)][kind]);
};

/** @param {KitNames} names @param {Partial<KitNames>} own */
const hasNames = (names, own) =>
  Object.entries(own).every(
    ([name, value]) => String(names[/** @type {keyof KitNames} */ (name)]) === String(value),
  );
