// What a command installs: looked up in the recording, never worked out.

export const join = (...parts) => parts.filter(Boolean).join(" ");

// A command with its options in the recording's order, or what was not understood.
export function read(text, data) {
  const words = text.replace(/^\s*\$/, "").split(/[\s\\]+/).filter(Boolean);
  const command = join(...words.splice(0, 2));
  if (!data.commands.includes(command)) {
    return { problem: `Begin with ${data.commands.join(" or ")}.` };
  }
  const options = [];
  while (words[0]?.startsWith("-") && words[0] !== "--") {
    const [flag, value] = words.shift().split(/=(.*)/s);
    const takes = data.options.some((each) => each.startsWith(`${flag} `));
    const option = join(flag, takes ? (value ?? words.shift()) : value);
    if (!data.options.includes(option)) {
      const groups = flag.endsWith("group") ? ` The groups are ${data.groups.join(", ")}.` : "";
      return { problem: `“${option}” is not among the options that were tried.${groups}` };
    }
    options.push(option);
  }
  if (words.length && command !== "uv run") {
    return { problem: `“${words[0]}” is not understood: options begin with --.` };
  }
  // Of --dev and --no-dev the last one counts: these two stay in their order.
  const both = options.includes("--no-dev");
  const rank = (option) => data.options.indexOf(both && option === "--dev" ? "--no-dev" : option);
  options.sort((a, b) => rank(a) - rank(b));
  const locks = options.filter((option) => /^--(locked|frozen)$/.test(option));
  return { command, locks, options: options.slice(locks.length), tail: words.join(" ") };
}

// What was recorded for a text: {packages} or {refused}; else {problem}, or {} for unknown.
export function lookUp(text, data) {
  const steps = text.split("&&").map((each) => read(each, data));
  const wrong = steps.find((each) => each.problem);
  if (wrong) return wrong;
  const [{ command, locks, options }] = steps;
  // A flag for the lockfile changes nothing: recorded with both, one or none, the same in all steps.
  const line = join(...(locks[1] ? locks : []), ...options);
  const all = steps.map((each) => join(each.command, ...each.options)).join(" && ");
  const same = steps.every((each) => !locks[1] && join(...each.locks) === join(...locks));
  const found = steps[1]
    ? same && data.sequences[all]?.outcome
    : (data[command][line] ?? data.lines[line]);
  return data.outcomes[found] ?? {};
}

const set = (text, data) => lookUp(text, data).packages;

// Packages by why they are there, as far as the recording proves it: the project's own are those
// that are left without any group, and a group's those that it brings alone.
export function reasons(packages, data) {
  const alone = data.groups.map((name) => [name, set(`uv sync --only-group ${name}`, data)]);
  alone.sort(([, a], [, b]) => a.length - b.length);
  const left = new Set(packages);
  return [["", set("uv sync --no-default-groups", data)], ...alone].flatMap(([source, all]) => {
    if (!all.every((name) => packages.includes(name))) return [];
    const names = all.filter((name) => left.delete(name));
    return names.length ? [{ source, names }] : [];
  });
}

// What a set is right for. `jobs` are pairs of a name and a command; the first is production.
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
  return { missing, extra, verdict, size: packages.reduce((sum, name) => sum + data.sizes[name], 0) };
}
