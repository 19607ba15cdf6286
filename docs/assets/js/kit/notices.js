// @ts-check
// What a reader has to know before the first build, for the page and for the instructions.

import { addedPackages, keptPackages } from "./files/pyproject.js";
import { hasTestSettings, runsTests } from "./files/tests.js";
import { placeholders } from "./files/variables.js";
import { builtPython } from "./patterns.js";

/** The titles of the pages of the guide that notices name. */
export const PAGES = {
  migrate: "Migrate from Poetry to uv",
  "migrate-from-pip": "Move from requirements.txt, pip-tools or Pipenv to uv",
};

/**
 * Return what to do before anything else, if uv does not know the packages of the project.
 * @param {Kit} kit
 * @returns {KitNotice | undefined}
 */
export const moveNotice = (kit) => {
  const { move, isDynamic } = kit.project ?? {};
  if (!move) return undefined;
  const added = isDynamic ? addedPackages(kit) : [];
  const sentences = [
    `Your packages are not in \`dependencies\` under \`[project]\`, where uv reads them. Move them from ${move.from} before you build.`,
    ...(isDynamic ? ['Remove `"dependencies"` from `dynamic`.'] : []),
    ...(added.length > 0 ? [`Also add ${codes(added)} to the list.`] : []),
    "Then make these files again from the new `pyproject.toml`.",
  ];
  return { text: sentences.join(" "), page: move.page };
};

/**
 * Return what a reader has to compare or to decide.
 * @param {Kit} kit
 * @param {KitFile[]} files
 * @returns {KitNotice[]}
 */
export const notices = (kit, files) => {
  const { project } = kit;
  const ofProject = project
    ? [
        existing(project, files),
        sameName(project, files),
        kept(kit),
        driver(kit, project),
        uvVersion(project, files),
        plainStatics(project),
        postgis(kit, project),
        ownTests(kit, project),
      ]
    : [];
  return [...ofProject, variables(kit), otherPython(kit)]
    .filter((text) => text !== "")
    .map((text) => ({ text }));
};

/** @param {Kit} kit */
const variables = ({ names }) =>
  placeholders(names).length > 0
    ? "Your settings require environment variables. `compose.yaml` has placeholders for them, so replace each one without which the service does not start."
    : "";

/** @param {Kit} kit */
const otherPython = ({ answers }) =>
  answers.python === builtPython(answers)
    ? ""
    : `We built such kits only with Python ${builtPython(answers)}, not with Python ${answers.python}. The files differ only in the version number.`;

/** @param {KitProject} project @param {KitFile[]} files */
const existing = ({ paths }, files) => {
  const own = files.filter(({ kind, path }) => kind === "file" && paths.includes(path));
  return own.length > 0
    ? `These files exist in your project: ${codes(own.map(({ path }) => path))}. Compare them before you copy.`
    : "";
};

/** Python ignores a module beside a package with the same name. @param {KitProject} project @param {KitFile[]} files */
const sameName = ({ paths }, files) => {
  const path = files.find((file) => file.path.endsWith("/middleware.py"))?.path ?? "";
  const folder = path.replace(/\.py$/, "/");
  return path && paths.some((each) => each.startsWith(folder))
    ? `Your project has the package \`${folder}\`, so Python would import only one of it and \`${path}\`. Choose a different package for the health check, or move the class into the package.`
    : "";
};

/** @param {Kit} kit */
const kept = (kit) => {
  const packages = keptPackages(kit);
  return packages.length > 0
    ? `Your project already has packages that the kit uses, and their versions stay as they are. We tested kits with ${codes(packages)}.`
    : "";
};

/** @param {Kit} kit @param {KitProject} project */
const driver = ({ answers }, { packages }) => {
  if (answers.database !== "postgresql") return "";
  const older = packages.find(({ name }) => /^psycopg2(?:-binary)?$/.test(name));
  if (!older) return "";
  const pool =
    answers.server === "uvicorn"
      ? ' Remove `"pool"` from the lines for `DATABASES`, because only psycopg 3 has connection pools.'
      : "";
  return `Your project uses \`${older.name}\`, so the kit does not add psycopg 3.${pool}`;
};

/** @param {KitProject} project @param {KitFile[]} files */
const uvVersion = ({ allowsUv, uvVersion: wanted }, files) => {
  const dockerfile = files.find(({ path }) => path === "Dockerfile")?.text ?? "";
  const version = /astral-sh\/uv:([\d.]+)/.exec(dockerfile)?.[1] ?? "";
  return wanted && !allowsUv(version)
    ? `\`required-version\` in your \`pyproject.toml\` is \`${wanted}\`, but the kit uses uv ${version}, so the build would stop. Change one of the two.`
    : "";
};

/** @param {KitProject} project */
const plainStatics = ({ hasPlainStatics }) =>
  hasPlainStatics
    ? "Your settings collect static files without hashes in their names, so the lines for the settings do the same. If all files that your CSS names exist, use `CompressedManifestStaticFilesStorage` instead, so that browsers can cache the files forever."
    : "";

/** @param {Kit} kit @param {KitProject} project */
const postgis = ({ answers }, { isOnPostgis }) =>
  isOnPostgis && answers.database === "postgresql"
    ? "Your project uses PostGIS. In `compose.yaml`, replace the image `postgres:18` with one that contains PostGIS. We did not try kits with PostGIS."
    : "";

/** @param {Kit} kit @param {KitProject} project */
const ownTests = (kit, { testSettings }) =>
  testSettings && runsTests(kit) && !hasTestSettings(kit)
    ? `Your tests use the settings \`${testSettings}\`, so the kit has no \`tests/settings.py\`. If they need a database server, add it to the \`test\` job of the pipeline.`
    : "";

/** @param {string[]} texts */
const codes = (texts) => texts.map((each) => `\`${each}\``).join(", ");
