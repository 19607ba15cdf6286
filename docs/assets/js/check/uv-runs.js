// @ts-check
// Calls of `uv run` that install groups again which `uv sync` leaves out.

import { commandsOf, composeServices } from "./compose-services.js";
import { changesTo, fileLines, replaceInFile } from "./line-edits.js";
import { runSyncs, takesGroup, uvCall } from "./uv-calls.js";

const RUN = /(["'])uv\1(,\s*)\1run\1(?!,\s*\1--no-sync)|\buv run\b(?! --no-sync)/g;

/** @param {string} text */
const withoutSync = (text) =>
  text.replace(RUN, (run, quote, comma) =>
    quote ? `${run}${comma}${quote}--no-sync${quote}` : `${run} --no-sync`,
  );

/**
 * Add `--no-sync` to the commands below a `uv sync`, in the image and in compose files, which would
 * install groups again. Return undefined if that is not possible on the lines of the commands.
 * @param {CheckedProject} project
 * @param {UvInstall} sync
 * @param {string[]} groups
 * @param {LineEdit[]} edits What changes lines of the Dockerfile first.
 * @returns {LineEdit[] | undefined}
 */
export const withoutSyncInRuns = (project, sync, groups, edits) => {
  const changed = [...project.lines];
  for (const { line, text } of edits) changed[line - 1] = text.join("\n");
  const runs = [
    ...project.installs
      .slice(project.installs.indexOf(sync) + 1)
      .filter(({ target }) => target === sync.target),
    ...project.start.commands,
  ].filter((command) => installsAgain(project, command, groups));
  for (const { instruction, file } of runs) {
    if (file !== undefined) continue;
    const { line, lastLine } = instruction;
    const before = project.lines.slice(line - 1, lastLine);
    if (before.every((each) => each === withoutSync(each))) return undefined;
    for (let index = line - 1; index < lastLine; index += 1) {
      changed[index] = withoutSync(changed[index]);
    }
  }
  const scripts = [...new Set(runs.flatMap(({ file }) => file ?? []))];
  const inCompose = composeEdits(project, groups);
  return (
    inCompose && [
      ...changesTo(project.lines, changed),
      ...scripts.flatMap((file) => inScript(project, file)),
      ...inCompose,
    ]
  );
};

/** @param {CheckedProject} project @param {string} file */
const inScript = (project, file) => {
  const lines = fileLines(project, file);
  return changesTo(lines, lines.map(withoutSync), file);
};

/**
 * Whether a command is a `uv run` that installs a group.
 * @param {CheckedProject} project
 * @param {ShellCommand} command
 * @param {string[]} groups
 */
const installsAgain = ({ pyproject }, command, groups) => {
  const call = uvCall(command);
  return (
    call?.name === "run" &&
    runSyncs(call) &&
    groups.some((name) => takesGroup(call, name, pyproject?.defaultGroups))
  );
};

/** @param {CheckedProject} project @param {string[]} groups */
const composeEdits = (project, groups) => {
  /** @type {Map<string, LineEdit[] | undefined>} */
  const edits = new Map();
  for (const service of composeServices(project).filter((each) => !each.isDevelopment)) {
    const { file } = service;
    for (const command of commandsOf(project, service)) {
      if (!installsAgain(project, command, groups)) continue;
      const mark = { file, line: command.entry.line, lastLine: command.entry.node.lastLine };
      edits.set(`${file}:${mark.line}`, withoutSyncIn(project, mark));
    }
  }
  const all = [...edits.values()];
  return all.includes(undefined) ? undefined : all.flatMap((each) => each ?? []);
};

/**
 * Add `--no-sync` to the `uv run` that a part of a compose file has once.
 * @param {CheckedProject} project
 * @param {{ file: string, line: number, lastLine: number }} mark
 */
export const withoutSyncIn = (project, mark) =>
  replaceInFile(project, mark, /(["'])uv\1(,\s*)\1run\1/, "$&$2$1--no-sync$1") ??
  replaceInFile(project, mark, /\buv run\b/, "uv run --no-sync");
