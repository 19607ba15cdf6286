// @ts-check
// What a service in a compose file mounts.

import { absolute, withoutSlash } from "./paths.js";
import { textOf, valueAt } from "./yaml-values.js";

/** @typedef {{ mark: { file: string, line: number, lastLine: number }, from: string, to: string }} Volume */

/**
 * Return the mounts of a service. `from` is a folder, the name of a volume, or empty.
 * @param {ComposeService} service
 * @returns {Volume[]}
 */
export const volumesOf = ({ file, node }) =>
  (valueAt(node, "volumes")?.items ?? []).flatMap((each) => {
    const { line, lastLine } = each;
    const { from, to } = each.text === undefined ? longForm(each) : shortForm(each.text);
    if (!to.startsWith("/")) return [];
    return [{ mark: { file, line, lastLine }, from, to: withoutSlash(absolute("/", to)) }];
  });

/** @param {YamlNode} node */
const longForm = (node) => ({
  from: textOf(valueAt(node, "source")),
  to: textOf(valueAt(node, "target")),
});

/** @param {string} text */
const shortForm = (text) => {
  const [first, second] = text.split(":");
  return second ? { from: first, to: second } : { from: "", to: second ?? first };
};

/** Whether it mounts a folder of the project. @param {Volume} volume */
export const isFromProject = ({ from }) => /^\.{1,2}(?:\/|$)/.test(from);
