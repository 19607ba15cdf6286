// @ts-check
// What the packages of a project need from the operating system.

import { isDockerfile } from "../../check/file-names.js";
import { fact } from "./evidence.js";
import { publicRepository } from "./private-sources.js";

/** @typedef {import("./evidence.js").Project} Project */
/** @typedef {import("./evidence.js").Fact} Fact */
/** @typedef {import("./evidence.js").Note} Note */

// The Debian packages with which packages are compiled, and not run.
const BUILDS =
  /^(?:build-essential|gcc|g\+\+|clang|make|cmake|pkg-config|pkgconf|musl-dev|linux-headers|rustc|cargo|python3?[\d.]*-dev|.+-dev)$/;
// The headers of Python, which the kit installs itself.
const OF_PYTHON = /^(?:python3?[\d.]*-dev|musl-dev|linux-headers)$/;
// Programs that a kit has, does without, or needs only while the image is built.
const NOT_NEEDED =
  /^(?:git|curl|wget|ca-certificates|gnupg2?|gpg|dirmngr|apt-utils|apt-transport-https|lsb-release|python3?[\d.]*(?:-(?:pip|venv|distutils|setuptools|minimal))?|pip|pipx|tini|dumb-init|gosu|sudo|vim|nano|netcat(?:-.+)?|bash|bash-completion|less|tzdata|locales|locales-all|unzip|procps|cron|shellcheck|wait-for-it|postgresql(?:-(?:\d+|contrib|common|server))?|openssh-client|nodejs|npm|software-properties-common)$/;
// Python packages without a wheel that the claims prove to need a compiler.
const COMPILED = new Map([
  [
    "psycopg2",
    ["psycopg2-does-not-build-in-a-slim-image", "psycopg-binary-needs-nothing-from-apt"],
  ],
]);
// Python packages that load a library when they are imported, with the Debian packages of examples.
const LIBRARIES = new Map([
  ["cairosvg", ["libcairo2"]],
  ["weasyprint", ["fonts-dejavu-core", "libharfbuzz-subset0", "libpangoft2-1.0-0"]],
]);

/**
 * Return whether a project needs libraries or a compiler, and which packages it installs now.
 * @param {Project} project
 * @returns {{ facts: Fact[], notes: Note[] }}
 */
export const systemNeeds = (project) => {
  const installed = project.images.flatMap(({ file, packages }) =>
    packages.map((each) => ({ ...each, file })),
  );
  const apt = installed.filter(({ program }) => program !== "apk");
  const libraries = apt.filter(({ value }) => !BUILDS.test(value) && !NOT_NEEDED.test(value));
  const open = publicRepository(project);
  const needed = [
    ...libraries,
    ...neededLibraries(project, libraries),
    ...driverLibrary(project, libraries),
    ...(open ? [{ value: "git", file: open.file, at: open.at }] : []),
  ];
  const headers = apt.filter(({ value }) => BUILDS.test(value) && !OF_PYTHON.test(value));
  const compiler = compiled(project);
  /** @type {Fact[]} */
  const facts = [];
  if (compiler) facts.push(fact("system", "compiler", compiler));
  else if (needed.length > 0) facts.push(fact("system", "library", needed[0]));
  if (needed.length > 0) facts.push(fact("libraries", valuesOf(needed), needed[0]));
  if (compiler && headers.length > 0) {
    facts.push(fact("headers", valuesOf(headers), headers[0]));
  }
  return { facts, notes: notesOn(project, installed, compiler) };
};

/** @param {{ value: string }[]} packages */
const valuesOf = (packages) => [...new Set(packages.map(({ value }) => value))].sort();

/** @param {Project} project @param {{ value: string }[]} installed */
const neededLibraries = ({ packages }, installed) =>
  packages
    .filter(({ isMain, value }) => isMain && LIBRARIES.has(value.name))
    .filter(() => installed.length === 0)
    .flatMap(({ value, file, at }) =>
      (LIBRARIES.get(value.name) ?? []).map((name) => ({ value: name, file, at })),
    );

/**
 * Return what psycopg 3 loads if no package brings it along.
 * @param {Project} project
 * @param {{ value: string }[]} libraries
 */
const driverLibrary = ({ packages }, libraries) => {
  const drivers = packages.filter(
    ({ isMain, value }) => isMain && /^psycopg(?:-|$)/.test(value.name),
  );
  const brings = drivers.some(
    ({ value }) =>
      /-(?:binary|c)$/.test(value.name) || value.extras.some((each) => each !== "pool"),
  );
  const [driver] = drivers.filter(({ value }) => value.name === "psycopg");
  return !driver || brings || libraries.some(({ value }) => value === "libpq5")
    ? []
    : [{ value: "libpq5", file: driver.file, at: driver.at }];
};

/** Return where a package is named that has to be compiled. @param {Project} project */
const compiled = ({ packages }) => {
  const each = packages.find(
    ({ isMain, value }) =>
      isMain &&
      (COMPILED.has(value.name) || (value.name === "psycopg" && value.extras.includes("c"))),
  );
  return each && { file: each.file, at: each.at };
};

const COMMAND = /\b(?:manage\.py|django-admin)\s+(\w+)(?![\w.])/g;
const OF_KIT = /^(?:collectstatic|migrate|check|runserver|shell|test|wait_for_\w+)$/;

/** Return the commands of Django that a Dockerfile runs besides those that the kit has. @param {Project["lines"]} lines */
const otherCommands = (lines) =>
  lines
    .filter(({ file }) => isDockerfile(file))
    .flatMap(({ text, ...origin }) =>
      [...text.matchAll(COMMAND)].map((match) => ({ value: match[1], ...origin })),
    )
    .filter(({ value }) => !OF_KIT.test(value));

/**
 * @param {Project} project
 * @param {{ value: string, program: string, file: string, at: string }[]} installed
 * @param {{ file: string, at: string } | undefined} compiler
 * @returns {Note[]}
 */
const notesOn = ({ images, lines, packages }, installed, compiler) => {
  /** @type {Note[]} */
  const notes = [];
  const tool = installed.find(({ value }) => BUILDS.test(value));
  const old = packages.find(({ isMain, value }) => isMain && value.name === "psycopg2");
  if (old) {
    const text =
      "psycopg2 has to be compiled. If you use `psycopg[binary]` instead, the image needs no compiler.";
    notes.push({ text, file: old.file, at: old.at, claims: COMPILED.get("psycopg2") });
  } else if (tool && !compiler) {
    const text = `The Dockerfile installs ${tool.value}. If a package has no wheel, answer “A compiler”.`;
    const claims = ["a-package-without-a-wheel-can-build-without-a-compiler"];
    notes.push({ text, file: tool.file, at: tool.at, claims });
  }
  const others = otherCommands(lines);
  if (others.length > 0) {
    const names = [...new Set(others.map(({ value }) => `\`${value}\``))].join(" and ");
    const text = `The Dockerfile also runs ${names}, which the kit leaves out. Add a line for it below \`collectstatic\`.`;
    notes.push({ text, file: others[0].file, at: others[0].at });
  }
  const node = images.find(({ isOnNode }) => isOnNode);
  if (node) {
    const text =
      "The Dockerfile builds files with Node.js, which the kit leaves out. Copy that stage into the new Dockerfile, and copy its files from the stage above `collectstatic`.";
    notes.push({ text, file: node.file, at: node.isOnNode ?? "" });
  }
  const alpine = installed.find(({ program }) => program === "apk");
  if (alpine) {
    const text =
      "The Dockerfile uses Alpine. The kit uses Debian or Ubuntu, where packages have different names.";
    notes.push({ text, file: alpine.file, at: alpine.at });
  }
  return notes;
};
