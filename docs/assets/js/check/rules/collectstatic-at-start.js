// @ts-check
import { inServices } from "../compose-services.js";
import { atCommand } from "../line-edits.js";
import { djangoCommand } from "../start-commands.js";

const WAITS_FOR_FILES =
  "Each start waits for `collectstatic`, and fails on a read-only file system.";

/** @type {Rule} */
export const rule = {
  id: "collectstatic-at-start",
  title: "Every container collects the static files when it starts",
  advice: "Run `collectstatic` in a `RUN` instruction, with a placeholder secret key.",
  severity: "slow",
  claims: ["collectstatic-takes-a-made-up-key-that-containers-do-not-have"],
  noFix: "The checker cannot tell which settings `collectstatic` needs in the build.",
  check: (project) => [
    ...(project.isDevelopment ? [] : project.start.commands)
      .filter((command) => djangoCommand(command) === "collectstatic" && !command.isConditional)
      .slice(0, 1)
      .map((command) => ({
        ...atCommand(project, command, "collectstatic"),
        message: WAITS_FOR_FILES,
      })),
    ...inServices(
      project,
      (command) => djangoCommand(command) === "collectstatic",
      () => WAITS_FOR_FILES,
    ),
  ],
};
