// @ts-check
// What pipelines and the test stage need to run tests.

import { PATTERN_A, PATTERN_C, SHOP } from "../sources.js";
import { lines, replaceOnce } from "../texts.js";
import { withTestVariables } from "./variables.js";

/** Whether a pipeline or a stage of the Dockerfile runs the tests. @param {Kit} kit */
export const runsTests = ({ answers }) =>
  answers.ci !== "none" || (answers.layout === "src" && answers.lockStage === "no");

/**
 * Whether the kit has settings for the tests. Those that pytest uses already stay, unless the stage
 * for tests copies a folder that the project lacks.
 * @param {Kit} kit
 */
export const hasTestSettings = (kit) => {
  const { answers, project } = kit;
  const hasTests =
    answers.layout === "plain" || project?.paths.some((path) => path.startsWith("tests/"));
  return runsTests(kit) && !(project?.testSettings && hasTests);
};

/** The package of the tests with its settings. @param {Kit} kit @returns {KitFile[]} */
export const testPackage = (kit) =>
  hasTestSettings(kit)
    ? [
        {
          path: "tests/__init__.py",
          text: "",
          kind: "file",
          note: "This empty file makes `tests` a package, so that pytest finds its settings.",
        },
        {
          path: "tests/settings.py",
          text: testSettings(kit),
          kind: "file",
          note: "pytest uses these settings.",
        },
      ]
    : [];

/** @param {Kit} kit */
const testSettings = (kit) => {
  const { answers, read } = kit;
  const onPostgresql = answers.database === "postgresql";
  // A pipeline has no PostgreSQL server, but the Compose file with the test stage has one.
  const needsNoServer = onPostgresql && answers.ci !== "none";
  const ofLayout = answers.layout === "src" ? PATTERN_C : PATTERN_A;
  let text = read(needsNoServer ? SHOP : ofLayout, "tests/settings.py");
  if (needsNoServer && answers.server === "gunicorn") {
    const key = lines(text, '"DJANGO_SECRET_KEY"');
    const required = ["DATABASE_HOST", "DATABASE_PASSWORD"].map((name) =>
      key.replace("DJANGO_SECRET_KEY", name),
    );
    text = replaceOnce(text, key, [key, ...required].join("\n"));
  }
  return withTestVariables(text, kit);
};

/**
 * The Debian packages that a job has to install before the packages of the project.
 * @param {Kit} kit
 */
export const systemPackages = ({ answers, names }) => {
  const headers = answers.system === "compiler" ? names.headers : [];
  const libraries = answers.system === "none" ? [] : names.libraries;
  return [...libraries, ...headers].join(" ");
};
