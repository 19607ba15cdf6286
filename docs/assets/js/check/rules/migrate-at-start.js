// @ts-check
import { inServices } from "../compose-services.js";
import { atCommand } from "../line-edits.js";
import { djangoCommand } from "../start-commands.js";

const WAITS_FOR_MIGRATIONS =
  "Containers that start at the same time run the migrations at the same time, and none of them serves requests until its migrations end.";

/** @type {Rule} */
export const rule = {
  id: "migrate-at-start",
  title: "Every container runs the migrations when it starts",
  advice: "Run the migrations once per release, in a step or container of their own.",
  severity: "risky",
  claims: ["two-containers-that-start-at-once-both-run-a-migration"],
  noFix: "Your platform decides where a step can run once per release.",
  check: (project) => [
    ...(project.isDevelopment ? [] : project.start.commands)
      .filter((command) => djangoCommand(command) === "migrate" && !command.isConditional)
      .slice(0, 1)
      .map((command) => ({
        ...atCommand(project, command, /\bmigrate\b/),
        message: WAITS_FOR_MIGRATIONS,
      })),
    ...inServices(
      project,
      (command) => djangoCommand(command) === "migrate",
      () => WAITS_FOR_MIGRATIONS,
    ),
  ],
};
