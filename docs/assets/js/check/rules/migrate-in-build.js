// @ts-check
import { atCommand } from "../line-edits.js";
import { djangoCommand } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "migrate-in-build",
  title: "The build changes a database",
  advice: "Run the command once per release, against the database of the service.",
  severity: "breaks",
  claims: ["a-database-that-a-step-changes-is-in-the-image"],
  noFix: "Your platform decides where a step can run once per release.",
  check: (project) =>
    project.commands
      .filter(({ instruction }) => project.image.includes(instruction))
      .filter(
        (command) =>
          /^(?:migrate|createsuperuser|loaddata|flush)$/.test(djangoCommand(command) ?? "") &&
          !command.words.some((word) => /^--(?:check|plan)/.test(word)),
      )
      .map((command) => ({
        ...atCommand(project, command, djangoCommand(command) ?? ""),
        message: `\`${djangoCommand(command)}\` changes a database during the build, so either each image contains a new database, or the build needs access to the one in use.`,
      })),
};
