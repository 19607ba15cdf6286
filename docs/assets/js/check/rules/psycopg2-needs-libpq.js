// @ts-check
import { baseImage, isSmall, lineage } from "../base-images.js";
import { atCommand } from "../line-edits.js";
import { packageName } from "../pyproject-tables.js";
import { calledScript } from "../shell-commands.js";

/** @type {Rule} */
export const rule = {
  id: "psycopg2-needs-libpq",
  title: "psycopg2 does not build without libpq-dev",
  advice: "Use `psycopg[binary]`, or install gcc and libpq-dev in a build stage.",
  severity: "breaks",
  claims: [
    "psycopg2-does-not-build-in-a-slim-image",
    "psycopg-binary-needs-nothing-from-apt",
    "a-package-without-a-wheel-can-build-without-a-compiler",
  ],
  noFix:
    "You have two options: add a package, which uv has to lock first, or add a build stage, which also changes the last stage.",
  check: (project) => {
    const { pyproject, installs, dockerfile } = project;
    const call = installs.find(({ ships, name }) => ships && name === "sync");
    const isNeeded = pyproject?.dependencies.some((each) => packageName(each) === "psycopg2");
    if (!call || !isNeeded) return [];
    const base = baseImage(dockerfile, call.stage);
    const steps = lineage(dockerfile, call.stage).flatMap(({ instructions }) => instructions);
    const mayHave =
      steps.some(
        ({ keyword, script }) =>
          keyword === "RUN" && /libpq-dev|postgresql-dev|xargs|\$/.test(script),
      ) || project.commands.some(({ words }) => calledScript(words));
    if (mayHave || !isSmall(base)) return [];
    const message = `\`${base.name}:${base.tag}\` has no \`pg_config\` and no compiler, so this step fails.`;
    return [{ ...atCommand(project, call, /\buv\s.*\bsync\b/), message }];
  },
};
