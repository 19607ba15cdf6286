// What a recorded build looks like: no DOM, so that tests compare it with the recording.

const MOUNT = /--mount=(\S+)/g;

/** What an instruction mounts: {type, what} with the folder, the secret or where it comes from. */
export function mounts(instruction) {
  return [...instruction.matchAll(MOUNT)].map(([, options]) => {
    const found = Object.fromEntries(options.split(",").map((each) => each.split(/=(.*)/s)));
    const type = found.type ?? "bind";
    const place = found.target ?? found.dst ?? "";
    const what = { cache: place, secret: found.id ?? place }[type] ?? found.from ?? found.source ?? place;
    return { type, what };
  });
}

/** An instruction without its mounts, which stand beside it, and without variables of its own. */
export const shortened = (instruction) =>
  instruction.replaceAll(/--mount=\S+ /g, "").replace(/^RUN (export )?([A-Z_]+=\S+ (&& )?)+/, "RUN ");

/** What a step does in two words: "uv sync", "COPY status". */
export const verb = (text) => text.replace(/^RUN /, "").split(" ").slice(0, 2).join(" ");

/**
 * The picture of one recorded build: its stages with their steps, and the edges between stages.
 * An edge is "ran" when both of its steps ran, "kept" when the first ran and the second stayed
 * cached, because it takes the same as before, and else "cached".
 */
export function picture({ seconds, steps }) {
  const stages = new Map();
  const edges = [];
  steps.forEach((step, at) => {
    if (!stages.has(step.stage)) stages.set(step.stage, { name: step.stage, steps: [] });
    stages.get(step.stage).steps.push({ ...step, at, text: shortened(step.instruction), mounts: mounts(step.instruction) });
    for (const from of step.after) {
      const source = steps[from];
      if (source.stage === step.stage) continue;
      edges.push({ from, to: at, is: source.cached ? "cached" : step.cached ? "kept" : "ran" });
    }
  });
  const ran = steps.filter((step) => !step.cached).length;
  return { seconds, stages: [...stages.values()], edges, ran, count: steps.length };
}

/** How a step stands so many seconds after the build began: waiting, running, ran or cached. */
export function state(step, now) {
  if (now < step.started) return "waiting";
  if (step.cached) return "cached";
  return now < step.started + step.seconds ? "running" : "ran";
}

/** Which build of a recording to show: after an edit on a laptop, or the cold one of a fresh runner. */
export function build({ builds }, edit, place) {
  return builds.find(({ name }) => name === (place === "fresh" ? "cold" : edit));
}

/** One Dockerfile of the timed shop in the form that the recording of an example has. */
export function contender(recording, name, titles) {
  const { runs } = recording.builds.find((row) => row.name === name);
  return { builds: Object.entries(runs).map(([edit, run]) => ({ name: edit, title: titles[edit], ...run })) };
}

/** What is shown, out of the hash of an address and back into it. */
export function read(hash, usual) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  return Object.fromEntries(Object.entries(usual).map(([key, value]) => [key, said.get(key) ?? value]));
}
export const written = (shown) => `#${new URLSearchParams(shown)}`;
