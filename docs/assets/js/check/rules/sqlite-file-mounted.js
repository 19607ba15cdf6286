// @ts-check
import { inProduction } from "../compose-services.js";
import { isFromProject, volumesOf } from "../compose-volumes.js";

/** @type {Rule} */
export const rule = {
  id: "sqlite-file-mounted",
  title: "A mount contains the database file alone",
  advice: "Mount a folder, and keep the database in it.",
  severity: "risky",
  claims: [],
  notTried: "A bind mount whose source does not exist.",
  noFix: "The path of the database in your settings has to change as well.",
  check: (project) =>
    inProduction(project, (service) =>
      volumesOf(service)
        .filter((volume) => isFromProject(volume) && /\.(?:db|sqlite3?)$/.test(volume.to))
        .map(({ mark, from }) => ({
          ...mark,
          message: `If \`${from}\` does not exist, Docker creates a folder with this name, and SQLite's journal is never in the mount.`,
        })),
    ),
};
