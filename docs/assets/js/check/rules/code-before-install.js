// @ts-check
import { lineage } from "../base-images.js";
import { inContext } from "../ignored-files.js";
import {
  addToIgnoreFile,
  at,
  insertAbove,
  insertBelow,
  replaceAll,
  withOption,
} from "../line-edits.js";
import { clean } from "../paths.js";
import { programName } from "../shell-commands.js";
import { installsDependencies, uvCall } from "../uv-calls.js";
import { has } from "../uv-command.js";

// Files without which uv installs something else, or nothing.
const MANIFESTS = ["pyproject.toml", "uv.lock", ".python-version", "uv.toml"];
const CODE = /(?:^|\/)(?:(?:views|models|urls|settings|settings\/\w+)\.py$|(?:static|templates)\/)/;
const TYPICAL_CODE = ["manage.py", "shop/views.py", "src/shop/views.py"];
const WHOLE = /^(?:\.|\.\/|\.\/\*|\*|\/)?$/;
// Commands that do not need the code, because they read no file and run no other command.
const SETUP = [
  /^(?:apt(?:-get)?|apk|useradd|adduser|groupadd|addgroup) (?!.*(?:[/<`]|\$\())/,
  /^rm -rf? \/var\//,
  /^(?:python3? -m )?pip3? install(?: -[\w-]+)*(?: (?:pip|setuptools|uv|wheel)\b[^\s/]*)+$/,
];

/** @type {Rule} */
export const rule = {
  id: "code-before-install",
  title: "Every edit of the code installs every package again",
  advice: "Copy `pyproject.toml` and `uv.lock`, install, and copy the code after that.",
  severity: "slow",
  claims: [
    "code-copied-before-the-install-makes-each-edit-install-again",
    "code-copied-after-the-install-leaves-it-cached",
    "bumping-the-version-installs-again-with-bind-mounts-too",
  ],
  check: (project) => {
    const install = firstInstall(project);
    if (!install) return [];
    const { instruction, stage } = install;
    const above = lineage(project.dockerfile, stage).flatMap(({ instructions }) => instructions);
    const before = above.slice(0, above.indexOf(instruction));
    const copy = before.find((each) => copiesCode(project, each));
    const mount = instruction.mounts.find(
      ({ type, origin, options }) =>
        type === "bind" &&
        !origin &&
        WHOLE.test(options.source ?? ".") &&
        codeOf(project, true).length > 0,
    );
    if (!copy && !mount) return [];
    const source = copy ? copy.words.slice(0, -1).join(" ") : ".";
    const message = `An edit of any file in \`${source}\` runs the install in line ${instruction.line} again, because ${copy ? "this step comes before it" : "it mounts them all"}.`;
    const fix = copy && fixed(project, copy, install);
    return [{ ...at(copy ?? instruction), message, fix }];
  },
};

/** The first command that installs packages of others. @param {CheckedProject} project */
const firstInstall = ({ commands, installs }) =>
  commands.find((command) => {
    const call = uvCall(command);
    if (call) {
      return installs.some(
        (each) =>
          each.instruction === command.instruction &&
          // `uv run` that follows another install adds little to it.
          (each.name === "run" ? installs[0] === each : installsDependencies(each)),
      );
    }
    const [first = "", second = ""] = command.words;
    const program = programName(first);
    if (/^pip3?$/.test(program)) {
      return (
        second === "install" && command.words.some((word) => /^(?:-r|--requirement)/.test(word))
      );
    }
    return /^(?:poetry|pipenv)$/.test(program) && /^(?:install|sync)$/.test(second);
  });

/**
 * Whether an instruction copies code. Of a copied folder, that is known if the files are known.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} instruction
 */
const copiesCode = (project, { keyword, origin, words }) =>
  (keyword === "COPY" || keyword === "ADD") &&
  !origin &&
  words.slice(0, -1).some((source) => {
    const folder = WHOLE.test(source) ? "" : `${clean(source)}/`;
    return codeOf(project, folder === "").some((path) => path.startsWith(folder));
  });

/**
 * Return the code that the build context has. .dockerignore can leave out next to everything.
 * @param {CheckedProject} project
 * @param {boolean} isWhole Whether the context has some code, although its files are unknown.
 */
const codeOf = (project, isWhole) => {
  const known = Object.keys(project.input.files ?? {}).filter((path) => CODE.test(path));
  return (known.length === 0 && isWhole ? TYPICAL_CODE : known).filter(
    inContext(project) ?? (() => true),
  );
};

/**
 * Copy the manifests, install, and copy the code below that. A package is installed in a second
 * step, because it needs the code.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} copy
 * @param {ShellCommand} install
 * @returns {LineEdit[] | undefined}
 */
const fixed = (project, copy, install) => {
  const { lines, pyproject } = project;
  const { instruction } = install;
  const [manifests] = manifestsCopied(project, copy);
  const between = stepsBetween(copy, install);
  if (!pyproject || manifests === undefined || !between || !isAlone(project, between, install)) {
    return undefined;
  }
  const code = lines.slice(copy.line - 1, copy.lastLine);
  const call = uvCall(install);
  const isLater = pyproject.isPackage && call && !has(call, "--no-install-project");
  const first = withOption(project, instruction, "--no-install-project");
  if (isLater && !first) return undefined;
  const again = isLater ? lines.slice(instruction.line - 1, instruction.lastLine) : [];
  return [
    // These steps stay cached when a manifest changes.
    ...(between.some(({ keyword }) => keyword === "RUN")
      ? [...replaceAll(copy), ...insertAbove(project, instruction, manifests)]
      : replaceAll(copy, manifests)),
    ...(isLater ? (first ?? []) : []),
    ...insertBelow(instruction, ...code, ...again),
    // Below the install, the .venv of the laptop would replace the environment.
    ...(inContext(project)?.(".venv/bin/python") ? addToIgnoreFile(project, ".venv") : []),
  ];
};

/**
 * Return a COPY of the files that decide what is installed, if they are known.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction} copy
 * @returns {string[]}
 */
const manifestsCopied = ({ input, lines, pyproject }, { line, lastLine, words }) => {
  const { files, texts = {} } = input;
  // A local dependency is part of the code.
  const isLocal = pyproject?.isWorkspace || /\bpath\s*=/.test(texts["pyproject.toml"] ?? "");
  const isWhole = words.length === 2 && WHOLE.test(words[0]) && line === lastLine;
  // Next to pasted files, there is a lockfile, because the rules ask for `--locked`.
  const known = MANIFESTS.filter((name) =>
    files ? files[name] !== undefined : name === "uv.lock" || texts[name] !== undefined,
  );
  if (isLocal || !isWhole || !known.includes("uv.lock")) return [];
  const target = /^\.?$|\/$/.test(words[1]) ? words[1] : `${words[1]}/`;
  const written = /\s\S+\s+\S+\s*$/;
  const text = lines[line - 1];
  return written.test(text) ? [text.replace(written, () => ` ${known.join(" ")} ${target}`)] : [];
};

/**
 * Return the instructions between two of a stage, unless the second one starts in a different folder
 * than a relative target of the first one.
 * @param {DockerfileInstruction} copy
 * @param {ShellCommand} install
 */
const stepsBetween = (copy, { stage: { instructions }, instruction }) => {
  const start = instructions.indexOf(copy);
  const isSame = copy.words.at(-1)?.startsWith("/") || copy.workdir === instruction.workdir;
  return start >= 0 && isSame
    ? instructions.slice(start + 1, instructions.indexOf(instruction))
    : undefined;
};

/**
 * Return whether nothing else needs the code before the install has ended.
 * @param {CheckedProject} project
 * @param {DockerfileInstruction[]} between
 * @param {ShellCommand} install
 */
const isAlone = ({ commands }, between, { instruction }) => {
  /** @param {DockerfileInstruction} step */
  const commandsOf = (step) => commands.filter((command) => command.instruction === step);
  const inStep = commandsOf(instruction);
  return (
    inStep.length === 1 &&
    uvCall(inStep[0])?.name === "sync" &&
    between.every(
      (each) =>
        /^(?:ARG|ENV|LABEL|USER|WORKDIR)$/.test(each.keyword) ||
        (each.keyword === "RUN" &&
          !each.mounts.some(({ type }) => type === "bind") &&
          commandsOf(each).every(({ words }) =>
            SETUP.some((pattern) => pattern.test(words.join(" "))),
          )),
    )
  );
};
