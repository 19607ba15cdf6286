// The types that modules under docs/assets/js share. They are declared here, because the modules
// are published as they are and comments in them weigh.

/** A stream of Material: the first page, and each that instant navigation puts in its place. */
declare const document$: { subscribe(next: () => void): void };

// --- docs/data/layers/*.json and docs/data/bench-steps.json ---

/** An instruction as BuildKit carried it out or took it from its cache. */
interface Step {
  stage: string;
  instruction: string;
  cached: boolean;
  /** From the beginning of the build. */
  started: number;
  seconds: number;
  /** The indexes of the steps whose results it uses. */
  after: number[];
}

interface Build {
  /** "cold", or the edit before it. */
  name: string;
  title: string;
  seconds: number;
  steps: Step[];
}

/** The builds of one Dockerfile. */
interface Recording {
  builds: Build[];
}

interface BenchRecording {
  builds: { name: string; runs: { [edit: string]: { seconds: number; steps: Step[] } } }[];
}

// --- layer-explorer ---

interface Mount {
  type: string;
  /** The folder of a cache, the id of a secret, or where a bind mount comes from. */
  name: string;
}

interface PicturedStep extends Step {
  /** Its index in the build. */
  at: number;
  text: string;
  mounts: Mount[];
}

/** From a step to one of another stage that uses its result. */
interface PicturedEdge {
  from: number;
  to: number;
  /** Both ran; the first ran and the second stayed cached, because the result was the same; or
   * the first was cached. */
  is: "ran" | "kept" | "cached";
}

interface Picture {
  seconds: number;
  stages: { name: string; steps: PicturedStep[] }[];
  edges: PicturedEdge[];
  /** How many steps ran, and how many there are. */
  ran: number;
  count: number;
}

/** What the explorer shows, as the hash of its URL has it. */
type View = Record<"layers" | "edit" | "against" | "on", string>;

/** What the page brings along: titles by name, and the service that each example builds. */
type ExplorerNames = Record<"examples" | "services" | "shop" | "titles", Record<string, string>>;

interface Panel {
  /** What the Dockerfile is called. */
  title: string;
  /** The picture after an edit of that title, unless such a build was not recorded. */
  shown?: Picture & { edit: string };
}

// --- what-installs: docs/data/sets/*.json ---

/** What a command came to: the names of the packages, or why uv refused it. */
interface Outcome {
  packages?: string[];
  refused?: string;
}

/** Where an outcome stands in the list of outcomes, by the options of a command. */
type OutcomeIndex = Record<string, number>;

interface SetsRecording {
  groups: string[];
  /** The options that were tried: those of the form and others. */
  options: string[];
  bases: string[];
  also: string[];
  outcomes: Outcome[];
  lines: OutcomeIndex;
  "uv sync": OutcomeIndex;
  "uv run": OutcomeIndex;
  commands: ("uv sync" | "uv run")[];
  sequences: Record<string, { outcome: number }>;
  /** In kB, by package. */
  sizes: Record<string, number>;
}

interface Command {
  command: "uv sync" | "uv run";
  /** --locked, --frozen, or both. */
  locks: string[];
  /** Without those, in the order of the recording. */
  options: string[];
  /** What `uv run` runs. */
  tail: string;
  problem?: undefined;
}

/** What was not understood of a command. */
interface Problem extends Partial<Record<Exclude<keyof Command, "problem">, undefined>> {
  problem: string;
}
