// The types that the scripts under docs/assets/js and docs/theme share. Declaring them here keeps
// the published scripts small.

/** An observable of Material that emits the first page and each page that instant navigation loads. */
declare const document$: { subscribe(next: () => void): void };

/** Material's functions that read and write a value in the browser's local storage. */
declare function __md_get(key: string): string | null;
declare function __md_set(key: string, value: string | null): void;

/** A message from Material to its search worker. */
interface SearchMessage {
  type: number;
  data: string;
}

// --- docs/data/layers/*.json and docs/data/bench-steps.json ---

/** An instruction that BuildKit executed or took from its cache. */
interface Step {
  stage: string;
  instruction: string;
  cached: boolean;
  /** Seconds since the start of the build. */
  started: number;
  seconds: number;
  /** The indexes of the steps whose results it uses. */
  after: number[];
}

interface Build {
  /** "cold", or the edit before the build. */
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
  /** The folder of a cache, the id of a secret, or the source of a bind mount. */
  name: string;
}

interface PicturedStep extends Step {
  /** Its index in the build. */
  at: number;
  text: string;
  mounts: Mount[];
}

/** An edge from a step to a step of another stage that uses its result. */
interface PicturedEdge {
  from: number;
  to: number;
  /** "ran" if both steps ran, "kept" if only the first ran, because its result did not change, and
   * "cached" if the first was cached. */
  is: "ran" | "kept" | "cached";
}

interface Picture {
  seconds: number;
  stages: { name: string; steps: PicturedStep[] }[];
  edges: PicturedEdge[];
  /** The number of steps that ran, and of all steps. */
  ran: number;
  count: number;
}

/** The state of the explorer that is stored in the URL hash. */
type View = Record<"layers" | "edit" | "against" | "on", string>;

/** Data in the page: titles keyed by name, and the service that each example builds. */
interface ExplorerNames
  extends Record<"examples" | "services" | "shop" | "titles", Record<string, string>> {
  /** The labels of the steps, by Dockerfile. */
  labels: Record<string, string[]>;
}

interface Panel {
  /** The title of the Dockerfile. */
  title: string;
  /** The labels of its steps, such as "uv sync". */
  labels: string[];
  /** The picture after an edit, and the title of the edit. Absent if the build was not recorded. */
  shown?: Picture & { edit: string };
}

// --- what-installs: docs/data/sets/*.json ---

/** The outcome of a command: the names of the packages, or uv's reason for refusing it. */
interface Outcome {
  packages?: string[];
  refused?: string;
}

/** Maps the options of a command to an index in the list of outcomes. */
type OutcomeIndex = Record<string, number>;

interface SetsRecording {
  groups: string[];
  /** The recorded options, including options that the form does not offer. */
  options: string[];
  bases: string[];
  also: string[];
  outcomes: Outcome[];
  lines: OutcomeIndex;
  "uv sync": OutcomeIndex;
  "uv run": OutcomeIndex;
  commands: ("uv sync" | "uv run")[];
  sequences: Record<string, { outcome: number }>;
  /** Maps a package to its size in kB. */
  sizes: Record<string, number>;
}

interface Command {
  command: "uv sync" | "uv run";
  /** --locked, --frozen, or both. */
  locks: string[];
  /** The other options, in the order of the recording. */
  options: string[];
  /** The program that `uv run` runs. */
  tail: string;
  problem?: undefined;
}

/** The part of a command that was not understood. */
interface Problem extends Partial<Record<Exclude<keyof Command, "problem">, undefined>> {
  problem: string;
}
