// @ts-check
import { composeServices } from "../compose-services.js";
import { entry } from "../yaml-values.js";

/** @type {Rule} */
export const rule = {
  id: "compose-version",
  title: "Compose ignores the version of the file",
  advice: "Remove `version` from the compose file.",
  severity: "untidy",
  claims: ["compose-warns-that-version-is-obsolete"],
  check: (project) => {
    const files = new Set(composeServices(project).map(({ file }) => file));
    return [...files].flatMap((file) => {
      const version = entry(project.documents.get(file), "version");
      if (version?.node.text === undefined) return [];
      const { line } = version;
      const mark = { file, line, lastLine: line };
      const message = "`version` has no effect, and Compose warns about it.";
      return [{ ...mark, message, fix: [{ ...mark, text: [] }] }];
    });
  },
};
