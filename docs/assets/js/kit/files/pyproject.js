// @ts-check
import { PATTERN_A, PATTERN_B, PATTERN_C, SHOP } from "../sources.js";
import { lines, paragraph, replaceOnce } from "../texts.js";
import { hasTestSettings, runsTests } from "./tests.js";

/** The lines for pyproject.toml. @param {Kit} kit @returns {KitFile} */
export const pyproject = (kit) => {
  const text = `${tables(kit).join("\n\n")}\n`;
  return {
    path: "pyproject.toml",
    text,
    kind: "merge",
    note: "Put each line into the table with the same name, and add the packages to the lists that your file already has.",
    parts: [{ at: "toml", text }],
  };
};

/** @param {Kit} kit */
const tables = (kit) => {
  const { answers, names, read } = kit;
  const [a, c] = [PATTERN_A, PATTERN_C].map((example) => read(example, "pyproject.toml"));
  const isPackage = answers.layout === "src";
  return [
    [
      "[project]",
      ...(kit.project?.metadata ?? []),
      lines(a, "requires-python = "),
      ...(kit.project?.isDynamic ? [] : [list("dependencies", missingPackages(kit))]),
    ].join("\n"),
    ...(isPackage ? [`[project.scripts]\n${lines(c, '"«settings».__main__:main"')}`] : []),
    groups(kit),
    ...(isPackage ? [] : [paragraph(a, "[tool.uv]")]),
    ...(answers.private === "index" ? indexTables(kit) : []),
    ...(isPackage ? [paragraph(c, "[build-system]")] : []),
    ...(isPackage && names.project.replace(/[-_.]+/g, "_").toLowerCase() !== names.settings
      ? ['[tool.uv.build-backend]\nmodule-name = "«settings»"']
      : []),
    ...(hasTestSettings(kit) ? [testTable(kit)] : []),
  ];
};

/** @param {Kit} kit */
const groups = (kit) => {
  const rows = groupLines(kit).map((line) => {
    const name = line.split(" = ")[0];
    const included = includedGroups(kit, name);
    const wanted = packagesOf(line).filter(
      (each) => !included.includes(listed(kit, each)?.group ?? ""),
    );
    // A pipeline installs some groups alone. Without a version, the version of the project applies.
    const packages = wanted.map((each) => (listed(kit, each) ? unversioned(each) : each));
    const groupTables = included.map((each) => `{ include-group = ${JSON.stringify(each)} }`);
    return list(name, [...groupTables, ...packages]);
  });
  return ["[dependency-groups]", ...rows].join("\n");
};

/**
 * Return the groups of the project that a group of the kit needs: those of production, and for the
 * tests the one with pytest, which also has its plugins.
 * @param {Kit} kit
 * @param {string} name
 */
const includedGroups = (kit, name) => {
  if (!kit.project) return [];
  const { productionGroups } = kit.project;
  const ofTests = [
    listed(kit, '"pytest"')?.group ?? listed(kit, '"pytest-django"')?.group ?? "",
    ...productionGroups.filter((group) => listed(kit, '"django"')?.group === group),
  ];
  const groups = { prod: productionGroups, test: ofTests }[name] ?? [];
  return [...new Set(groups)].filter((group) => group !== "" && group !== name);
};

/** The lines for the groups, as examples have them. @param {Kit} kit */
const groupLines = (kit) => {
  const { answers, read } = kit;
  const [a, c, shop] = [PATTERN_A, PATTERN_C, SHOP].map((name) => read(name, "pyproject.toml"));
  return [
    lines(answers.server === "gunicorn" ? a : c, "prod = "),
    ...(runsTests(kit) ? [lines(a, "test = ")] : []),
    ...(answers.ci === "none" ? [] : [lines(shop, "lint = ")]),
  ];
};

/** @param {string} name @param {string[]} packages Requirements with their quotes. */
const list = (name, packages) => `${name} = [${packages.join(", ")}]`;

/** @param {string} line */
const packagesOf = (line) => line.match(/"[^"]*"/g) ?? [];

/** Return the package of the project that a requirement names. @param {Kit} kit @param {string} requirement */
const listed = ({ project }, requirement) => {
  const [written] = /[\w.-]+/.exec(requirement) ?? [""];
  const own = written.replace(/[-_.]+/g, "-").toLowerCase();
  return project?.packages.find(({ name }) => name === own);
};

/** @param {string} requirement */
const unquoted = (requirement) => requirement.slice(1, -1);

/** @param {string} requirement */
const unversioned = (requirement) => requirement.replace(/[<>=!~].*(?=")/, "");

/** The settings of pytest. @param {Kit} kit */
const testTable = ({ answers, names, project, read }) => {
  const [a, c] = [PATTERN_A, PATTERN_C].map((name) => read(name, "pyproject.toml"));
  const own = lines(a, "[tool.pytest]", "DJANGO_SETTINGS_MODULE");
  const table = project ? replaceOnce(own, "[tool.pytest]", project.pytestTable) : own;
  if (answers.layout === "src") return `${table}\n${lines(c, "pythonpath = ")}`;
  return names.code ? `${table}\npythonpath = [".", ${JSON.stringify(names.code)}]` : table;
};

/** The packages that the lines of the settings need. @param {Kit} kit */
const dependencies = (kit) => {
  const packages = [requirement(kit.read(PATTERN_A, "pyproject.toml"), "whitenoise")];
  return kit.answers.database === "sqlite" ? packages : [psycopg(kit), ...packages];
};

/** The packages that the project lacks, or has only in a group that the image may lack. @param {Kit} kit */
const missingPackages = (kit) =>
  dependencies(kit).flatMap((each) => {
    const own = listed(kit, each);
    if (own?.isDependency || isDriver(kit, each)) return [];
    return [own ? unversioned(each) : each];
  });

/** Whether the project has an older driver in place of psycopg 3. @param {Kit} kit @param {string} requirement */
const isDriver = ({ project }, requirement) =>
  requirement.startsWith('"psycopg[') &&
  project?.packages.some(({ name }) => /^psycopg2(?:-binary)?$/.test(name));

/** Return the requirements that `dependencies` needs for the settings. @param {Kit} kit */
export const addedPackages = (kit) => missingPackages(kit).map(unquoted);

/** Return the requirements of the kit whose packages the project has. @param {Kit} kit */
export const keptPackages = (kit) =>
  [...dependencies(kit), ...groupLines(kit).flatMap(packagesOf)]
    .filter((each) => listed(kit, each))
    .map(unquoted);

/** The wheel of psycopg, or its source if the image has what it needs. @param {Kit} kit */
const psycopg = ({ answers, names, read }) => {
  const hasLibrary = names.libraries.includes("libpq5") && names.headers.includes("libpq-dev");
  const isCompiled = answers.system === "compiler" && hasLibrary;
  const [b, c, shop] = [PATTERN_B, PATTERN_C, SHOP].map((name) =>
    requirement(read(name, "pyproject.toml"), "psycopg"),
  );
  // Under ASGI, the settings need the pool of Pattern C.
  if (answers.server === "uvicorn") return isCompiled ? replaceOnce(c, "[binary,", "[c,") : c;
  return isCompiled ? b : shop;
};

/** @param {string} text @param {string} name */
const requirement = (text, name) => lines(text, `    "${name}`).trim().replace(/,$/, "");

/** @param {Kit} kit */
const indexTables = ({ names, read }) => {
  const example = read(SHOP, "pyproject.toml");
  const index = paragraph(example, "[[tool.uv.index]]");
  return names.privatePackages.length > 0
    ? [index, paragraph(example, "[tool.uv.sources]")]
    : [index];
};
