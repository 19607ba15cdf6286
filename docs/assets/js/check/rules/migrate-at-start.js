// @ts-check
import { djangoAtStart } from "../compose-services.js";

/** @type {Rule} */
export const rule = {
  id: "migrate-at-start",
  title: "Every container runs the migrations when it starts",
  advice: "Run the migrations once per release, in a step or container of their own.",
  severity: "risky",
  claims: ["two-containers-that-start-at-once-both-run-a-migration"],
  noFix: "Your platform decides where a step can run once per release.",
  check: (project) =>
    djangoAtStart(
      project,
      "migrate",
      "Containers that start at the same time run the migrations at the same time, and each can run the same data migration.",
    ),
};
