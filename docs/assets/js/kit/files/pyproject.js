// @ts-check
import { PATTERN_A, PATTERN_B, PATTERN_C, SHOP } from "../sources.js";
import { lines, paragraph, replaceOnce } from "../texts.js";
import { runsTests } from "./tests.js";

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
      lines(a, "requires-python = "),
      `dependencies = [${dependencies(kit).join(", ")}]`,
    ].join("\n"),
    ...(isPackage ? [`[project.scripts]\n${lines(c, '"«settings».__main__:main"')}`] : []),
    groups(kit),
    ...(isPackage ? [] : [paragraph(a, "[tool.uv]")]),
    ...(answers.private === "index" ? indexTables(kit) : []),
    ...(isPackage ? [paragraph(c, "[build-system]")] : []),
    ...(isPackage && names.project.replace(/[-_.]+/g, "_").toLowerCase() !== names.settings
      ? ['[tool.uv.build-backend]\nmodule-name = "«settings»"']
      : []),
    ...(runsTests(kit) ? [testTable(kit)] : []),
  ];
};

/** @param {Kit} kit */
const groups = (kit) => {
  const { answers, read } = kit;
  const [a, c, shop] = [PATTERN_A, PATTERN_C, SHOP].map((name) => read(name, "pyproject.toml"));
  return [
    "[dependency-groups]",
    lines(answers.server === "gunicorn" ? a : c, "prod = "),
    ...(runsTests(kit) ? [lines(a, "test = ")] : []),
    ...(answers.ci === "none" ? [] : [lines(shop, "lint = ")]),
  ].join("\n");
};

/** The settings of pytest. @param {Kit} kit */
const testTable = ({ answers, read }) => {
  const [a, c] = [PATTERN_A, PATTERN_C].map((name) => read(name, "pyproject.toml"));
  const table = lines(a, "[tool.pytest]", "DJANGO_SETTINGS_MODULE");
  return answers.layout === "src" ? `${table}\n${lines(c, "pythonpath = ")}` : table;
};

/** The packages that the lines of the settings need. @param {Kit} kit */
const dependencies = (kit) => {
  const packages = [requirement(kit.read(PATTERN_A, "pyproject.toml"), "whitenoise")];
  return kit.answers.database === "sqlite" ? packages : [psycopg(kit), ...packages];
};

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
