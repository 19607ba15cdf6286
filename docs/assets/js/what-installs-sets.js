// @ts-check
// What a command installs: looked up in the recording, never worked out.

/** @param {(string | number | false | undefined)[]} parts */
export const join = (...parts) => parts.filter(Boolean).join(" ");

/**
 * A command with its options in the order of the recording, or what was not understood.
 * @param {string} text
 * @param {SetsRecording} data
 * @returns {Command | Problem}
 */
export function read(text, data) {
  const words = text.replace(/^\s*\$/, "").split(/[\s\\]+/);
  const [uv, subcommand, ...others] = words.filter(Boolean);
  const command = data.commands.find((each) => each === join(uv, subcommand));
  if (!command) return { problem: `Begin with ${data.commands.join(" or ")}.` };
  const [options, tail] = split(others, data);
  const unknown = options.find((option) => !data.options.includes(option));
  if (unknown) {
    const isGroup = unknown.split(" ")[0].endsWith("group");
    const groups = isGroup ? ` The groups are ${data.groups.join(", ")}.` : "";
    return { problem: `“${unknown}” is not among the options that were tried.${groups}` };
  }
  if (tail.length && command !== "uv run") {
    return { problem: `“${tail[0]}” is not understood: options begin with --.` };
  }
  // Of --dev and --no-dev the last one wins, so these two stay in their order.
  const both = options.includes("--no-dev");
  /** @param {string} option */
  const rank = (option) => data.options.indexOf(both && option === "--dev" ? "--no-dev" : option);
  options.sort((a, b) => rank(a) - rank(b));
  const locks = options.filter((option) => /^--(locked|frozen)$/.test(option));
  return { command, locks, options: options.slice(locks.length), tail: join(...tail) };
}

/**
 * The options at the beginning of the words, each with its value, and the words after them.
 * @param {string[]} words
 * @param {SetsRecording} data
 */
function split([...words], data) {
  const options = [];
  while (words[0]?.startsWith("-") && words[0] !== "--") {
    const [flag, value] = words.splice(0, 1)[0].split(/=(.*)/s);
    const takesValue = data.options.some((each) => each.startsWith(`${flag} `));
    options.push(join(flag, takesValue ? (value ?? words.shift()) : value));
  }
  return [options, words];
}

/**
 * What a line came to when it was recorded; `{}` if it was not.
 * @param {string} text
 * @param {SetsRecording} data
 * @returns {Outcome & Partial<Problem>}
 */
export function lookUp(text, data) {
  const steps = [];
  for (const each of text.split("&&")) {
    const step = read(each, data);
    if (step.problem !== undefined) return step;
    steps.push(step);
  }
  const [{ command, locks, options }] = steps;
  // One flag for the lockfile changes nothing. Recorded are none, both, and the same in all steps.
  const line = join(...(locks[1] ? locks : []), ...options);
  const all = steps.map((each) => join(each.command, ...each.options)).join(" && ");
  const alike = steps.every((each) => !locks[1] && join(...each.locks) === join(...locks));
  const single = data[command][line] ?? data.lines[line];
  const sequence = alike ? data.sequences[all]?.outcome : undefined;
  return data.outcomes[(steps[1] ? sequence : single) ?? -1] ?? {};
}

/**
 * The packages of a command that was recorded.
 * @param {string} text
 * @param {SetsRecording} data
 */
const set = (text, data) => lookUp(text, data).packages ?? [];

/**
 * Packages by why they are there, as far as the recording proves it: the project's own are those
 * without any group, and a group's are those that it brings alone.
 * @param {string[]} packages
 * @param {SetsRecording} data
 */
export function reasons(packages, data) {
  const left = new Set(packages);
  const alone = data.groups
    .map((source) => ({ source, all: set(`uv sync --only-group ${source}`, data) }))
    .sort((a, b) => a.all.length - b.all.length);
  return [{ source: "", all: set("uv sync --no-default-groups", data) }, ...alone]
    .filter(({ all }) => all.every((name) => packages.includes(name)))
    .map(({ source, all }) => ({ source, names: all.filter((name) => left.delete(name)) }))
    .filter(({ names }) => names.length);
}

/**
 * What a set of packages is right for.
 * @param {string[]} packages
 * @param {SetsRecording} data
 * @param {[name: string, command: string][]} jobs The first is production.
 */
export function judge(packages, data, jobs) {
  const wanted = set(jobs[0][1], data);
  const missing = wanted.filter((name) => !packages.includes(name));
  const extra = packages.filter((name) => !wanted.includes(name));
  const right = jobs.filter(([, command]) => set(command, data).join() === packages.join());
  const not = [
    missing.length && `${missing.length > 2 ? missing.length : missing.join(" and ")} missing`,
    extra.length && `${extra.length} too many`,
  ].filter(Boolean);
  const verdict = join(
    right.length && `Right for ${right.map(([name]) => name).join(" and ")}.`,
    not.length && `Not for production: ${not.join(", ")}.`,
  );
  const bytes = 1000 * packages.reduce((sum, name) => sum + data.sizes[name], 0);
  return { missing, extra, verdict, bytes };
}
