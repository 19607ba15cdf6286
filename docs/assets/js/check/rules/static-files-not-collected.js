// @ts-check
import { at } from "../line-edits.js";
import { allRequirements, packageName } from "../pyproject-tables.js";
import { calledScript } from "../shell-commands.js";
import { server } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "static-files-not-collected",
  title: "Nothing collects the static files",
  advice: "Run `collectstatic` in a `RUN` instruction, with a placeholder secret key.",
  severity: "breaks",
  claims: [
    "whitenoise-serves-only-collected-files",
    "collectstatic-takes-a-made-up-key-that-containers-do-not-have",
  ],
  noFix: "The checker cannot tell which settings `collectstatic` needs in the build.",
  check: (project) => {
    const { input, start, commands, pyproject, isDevelopment } = project;
    const command = server(project);
    const hasWhiteNoise = allRequirements(pyproject).some(
      (each) => packageName(each) === "whitenoise",
    );
    if (!command || !hasWhiteNoise || isDevelopment || start.hiddenScript) return [];
    const texts = [input.dockerfile, ...Object.values(input.texts ?? {})].join("\n");
    // A script, a tool such as make, or an image that is copied from can bring the files.
    const isUnclear =
      /collectstatic|WHITENOISE_USE_FINDERS|\b(?:make|just|task|invoke)\b/.test(texts) ||
      commands.some(({ words }) => calledScript(words)) ||
      project.image.some(({ origin }) => origin?.image && !/\buv\b/.test(origin.image));
    const message =
      "pyproject.toml lists WhiteNoise, which answers requests for files that were not collected with status 404.";
    return isUnclear ? [] : [{ ...at(command.instruction), message }];
  },
};
