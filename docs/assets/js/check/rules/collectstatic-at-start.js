// @ts-check
import { djangoAtStart } from "../compose-services.js";

/** @type {Rule} */
export const rule = {
  id: "collectstatic-at-start",
  title: "Every container collects the static files when it starts",
  advice: "Run `collectstatic` in a `RUN` instruction, with a placeholder secret key.",
  severity: "slow",
  claims: ["collectstatic-takes-a-made-up-key-that-containers-do-not-have"],
  notTried: "`collectstatic` on a read-only file system.",
  noFix: "The checker cannot tell which settings `collectstatic` needs in the build.",
  check: (project) =>
    djangoAtStart(
      project,
      "collectstatic",
      "Each start waits for `collectstatic`, which needs a folder that it can write to.",
    ),
};
