// @ts-check
// Recorded builds as the explorer draws them. It needs no DOM, so that tests can compare it with
// the recordings.

/** @param {string} instruction */
export const mounts = (instruction) =>
  [...instruction.matchAll(/--mount=(\S+)/g)].map(([, options]) => {
    /** @type {{ [option: string]: string | undefined }} */
    const values = Object.fromEntries(options.split(",").map((each) => each.split(/=(.*)/s)));
    const { type = "bind", dst = "", target = dst, id = target, source = target } = values;
    const { from = source } = values;
    return { type, name: type === "cache" ? target : type === "secret" ? id : from };
  });

/**
 * An instruction without its mounts, which the explorer shows beside it, and without variables.
 * @param {string} instruction
 */
export const shortened = (instruction) =>
  instruction
    .replaceAll(/--mount=\S+ /g, "")
    .replace(/^RUN (export )?([A-Z_]+=\S+ (&& )?)+/, "RUN ");

/**
 * The stages of a build with their steps, and the edges between stages.
 * @param {{ seconds: number, steps: Step[] }} build
 * @returns {Picture}
 */
export function picture({ seconds, steps }) {
  const pictured = steps.map((step, at) => ({
    ...step,
    at,
    text: shortened(step.instruction),
    mounts: mounts(step.instruction),
  }));
  const names = [...new Set(steps.map(({ stage }) => stage))];
  return {
    seconds,
    stages: names.map((name) => ({ name, steps: pictured.filter(({ stage }) => stage === name) })),
    edges: steps.flatMap((step, to) =>
      step.after
        .filter((from) => steps[from].stage !== step.stage)
        .map((from) => ({ from, to, is: edge(steps[from], step) })),
    ),
    ran: steps.filter(({ cached }) => !cached).length,
    count: steps.length,
  };
}

/**
 * @param {Step} source
 * @param {Step} target
 */
function edge(source, target) {
  if (source.cached) return "cached";
  return target.cached ? "kept" : "ran";
}

/**
 * The state of a step that many seconds after its build began.
 * @param {Step} step
 * @param {number} now
 */
export function state(step, now) {
  if (now < step.started) return "waiting";
  if (step.cached) return "cached";
  return now < step.started + step.seconds ? "running" : "ran";
}

/**
 * The build to show: after an edit on a laptop, or the cold build of a fresh runner.
 * @param {Recording} recording
 * @param {View} view
 */
export const build = ({ builds }, { edit, on }) =>
  builds.find(({ name }) => name === (on === "fresh" ? "cold" : edit));

/**
 * The builds of a timed Dockerfile in the form that the recording of an example has.
 * @param {BenchRecording} recording
 * @param {string} dockerfile
 * @param {Record<string, string>} titles
 * @returns {Recording}
 */
export function contender({ builds }, dockerfile, titles) {
  const { runs } = builds.find(({ name }) => name === dockerfile) ?? { runs: {} };
  return {
    builds: Object.entries(runs).map(([name, run]) => ({ name, title: titles[name], ...run })),
  };
}

/**
 * The view that the hash of a URL names.
 * @param {string} hash
 * @param {View} defaults
 */
export function fromHash(hash, defaults) {
  const parameters = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  const { layers, edit, against, on } = { ...defaults, ...parameters };
  return { layers, edit, against, on };
}

/** @param {View} view */
export const toHash = (view) => `#${new URLSearchParams(view)}`;
