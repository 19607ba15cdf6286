// @ts-check
import { atText } from "../line-edits.js";
import { installedPackages } from "../system-packages.js";

const PROGRAM = /^(?:curl|git|wget)$/;

/** @type {Rule} */
export const rule = {
  id: "package-not-used",
  title: "The image contains a program that nothing calls",
  advice: "Remove the package.",
  severity: "untidy",
  claims: [],
  notTried: "How much smaller the image is without the package.",
  noFix: "You may need the program for something that the checker does not see.",
  check: (project) => {
    const { input, start, isDevelopment } = project;
    if (isDevelopment || input.files === undefined || start.hiddenScript !== undefined) return [];
    const texts = [input.dockerfile, ...Object.values(input.texts ?? {})].join("\n");
    const words = texts.match(/\b(?:curl|git|wget)\b/g) ?? [];
    return installedPackages(project).flatMap(({ instruction, names }) => {
      // The name of the package is the only place.
      const unused = names.find(
        (name) => PROGRAM.test(name) && words.filter((word) => word === name).length === 1,
      );
      if (unused === undefined) return [];
      const message = `No step, start script or health check calls \`${unused}\`.`;
      return [{ ...atText(project, instruction, unused), message }];
    });
  },
};
