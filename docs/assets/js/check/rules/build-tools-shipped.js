// @ts-check
import { baseImage, isSmall } from "../base-images.js";
import { atText } from "../line-edits.js";
import { installedPackages } from "../system-packages.js";

const TOOL = /^(?:build-essential|gcc|g\+\+|clang|make|cmake|musl-dev|[\w.+-]+-dev(?:el)?)$/;

/** @type {Rule} */
export const rule = {
  id: "build-tools-shipped",
  title: "The image contains compilers or headers",
  advice:
    "Try a slim image without them first, because a wheel needs no compiler, and otherwise build in a stage of its own.",
  severity: "untidy",
  claims: [
    "a-package-without-a-wheel-can-build-without-a-compiler",
    "psycopg-binary-needs-nothing-from-apt",
  ],
  notTried: "The full images, such as `python:3.14`, and how much larger they are.",
  noFix: "The steps have to move to another stage.",
  check: (project) => {
    if (project.isDevelopment) return [];
    return [...fullImage(project), ...packages(project).slice(0, 1)];
  },
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const fullImage = (project) => {
  const base = baseImage(project.dockerfile, project.shipped);
  const first = project.stages.find(({ base: each }) => each.includes(base.name));
  const isUv = base.family === "uv";
  const isPython = base.family === "python" || (isUv && base.python !== undefined);
  if (!isPython || isSmall(base) || base.tag.includes("$") || !first) return [];
  const [, version, suite] = /^(latest|\d[\w.]*)?-?(.*)$/.exec(base.tag) ?? [];
  const slim = isUv
    ? `${base.tag}-slim`
    : [version?.replace("latest", ""), "slim", suite].filter(Boolean).join("-");
  const name = [base.name, base.tag].filter(Boolean).join(":");
  const message = `\`${name}\` contains compilers and headers, which \`${base.name}:${slim}\` does not.`;
  return [{ ...atText(project, first.start, base.name), message }];
};

/** @param {CheckedProject} project @returns {RuleFinding[]} */
const packages = (project) => {
  if (!isSmall(baseImage(project.dockerfile, project.shipped))) return [];
  return installedPackages(project).flatMap(({ instruction, words, names }) => {
    // What the step removes again is not in the layer.
    const removed = removedPackages(instruction.script);
    const group = words.find((_, index) => /^(?:--virtual|-t)$/.test(words[index - 1] ?? ""));
    const tools = names.filter((name) => TOOL.test(name) && !removed.has(name));
    if (tools.length === 0 || removed.has("*") || (group && removed.has(group))) return [];
    const list = tools
      .slice(0, 3)
      .map((name) => `\`${name}\``)
      .join(", ");
    const message = `The image contains ${list}${tools.length > 3 ? " and more" : ""}, which only the build needs.`;
    return [{ ...atText(project, instruction, tools[0]), message }];
  });
};

/**
 * Return the packages and groups of packages that a step removes, and "*" if the names are unknown.
 * @param {string} script
 */
const removedPackages = (script) => {
  const lists = [...script.matchAll(/\b(?:purge|remove|apk\s+del)\b([^&;|]*)/g)];
  const names = lists.flatMap(([, list = ""]) => list.split(/\s+/).filter(Boolean));
  return new Set(names.map((name) => (/[$*`]/.test(name) ? "*" : name)));
};
