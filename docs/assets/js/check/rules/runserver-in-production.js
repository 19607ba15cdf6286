// @ts-check
import { atCommand } from "../line-edits.js";
import { djangoCommand, isServer } from "../start-commands.js";

/** @type {Rule} */
export const rule = {
  id: "runserver-in-production",
  title: "The image starts Django's development server",
  advice: "Start gunicorn, uvicorn or another server that is made for production.",
  severity: "breaks",
  claims: ["runserver-with-debug-off-serves-no-static-files"],
  noFix: "Choose a server and add it to `uv.lock` first.",
  check: (project) =>
    project.isDevelopment
      ? []
      : project.start.commands
          .filter((command) => djangoCommand(command) === "runserver")
          // A script can start it for development, and another server otherwise.
          .filter(({ isConditional }) => !isConditional || !project.start.commands.some(isServer))
          .slice(0, 1)
          .map((command) => ({
            ...atCommand(project, command, "runserver"),
            message:
              "Django's documentation says not to use `runserver` in production, and with `DEBUG` off it serves no static files.",
          })),
};
