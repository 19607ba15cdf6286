// @ts-check
import { patternA } from "./dockerfile-a.js";
import { patternB } from "./dockerfile-b.js";
import { patternC } from "./dockerfile-c.js";

const BUILDERS = { a: patternA, b: patternB, c: patternC };

/** @param {Kit} kit @returns {KitFile} */
export const dockerfile = (kit) => ({
  path: "Dockerfile",
  text: BUILDERS[kit.pattern](kit),
  kind: "file",
  note: "`docker build` and Compose build the image from this file.",
});
