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

// --- check: the packages that uv commands install ---

/** The values of the names in markers. */
type MarkerEnvironment = Record<
  | "implementation_name"
  | "implementation_version"
  | "os_name"
  | "platform_machine"
  | "platform_python_implementation"
  | "platform_release"
  | "platform_system"
  | "platform_version"
  | "python_full_version"
  | "python_version"
  | "sys_platform",
  string
>;

interface LockedDependency {
  name: string;
  /** Empty if it is always needed. */
  marker: string;
  extras: string[];
  /** The locked packages that it can mean. */
  packages: LockedPackage[];
}

/** What asks for packages in uv.lock. */
interface LockOwner {
  name: string;
  dependencies: LockedDependency[];
  extras: Map<string, LockedDependency[]>;
  groups: Map<string, LockedDependency[]>;
}

interface LockedPackage extends LockOwner {
  /** Its table in uv.lock. */
  entry: object;
  /** Empty if the project computes its version. */
  version: string;
  /** The folder of a local project, relative to uv.lock. */
  folder: string | undefined;
  /** Whether only its dependencies are installed. */
  isVirtual: boolean;
  isLocal: boolean;
  /** The environments for which it was resolved. Empty for all. */
  markers: string[];
  declaredExtras: Set<string>;
  declaredGroups: Set<string>;
}

interface ConflictItem {
  package: string;
  extra?: string;
  group?: string;
}

/** What the pyproject.toml of a project says. */
interface ProjectMember {
  defaultGroups: "all" | string[];
  /** Whether the file lists the default groups. */
  hasDefaultGroups: boolean;
  groups: Set<string>;
}

/** A project, or a workspace of several projects, with its lockfile. */
interface LockedProject {
  packages: LockedPackage[];
  /** The names of the members of a workspace. Empty for a single project. */
  members: Set<string>;
  /** What the root of a workspace asks for if the root is no project. */
  manifest: LockOwner;
  /** Sets of extras, groups and projects that cannot be installed together. */
  conflicts: ConflictItem[][];
  /** The versions of Python and the environments that uv.lock is for. */
  supported: unknown[];
  /** The projects whose pyproject.toml is known, by their folder relative to uv.lock. */
  folders: Map<string, ProjectMember>;
  /** A difference between uv.lock and pyproject.toml, because of which uv updates the lockfile. */
  outdated: string | undefined;
}

/** The options of a uv command. */
interface CommandOptions {
  flags: string[];
  values: string[];
  short: Record<string, string>;
}

/** docs/data/uv-options.json */
interface OptionGrammar {
  recorded: { versions: { uv: string } };
  commands: Record<string, CommandOptions>;
}

interface UvOption {
  name: string;
  value?: string;
}

interface UvArguments {
  /** The subcommand, such as "sync" or "pip install". */
  name: string;
  /** The options that count, in their order. */
  options: UvOption[];
  /** The words that belong to no option. For `uv run`, the command. */
  operands: string[];
  /** uv's reason for refusing the options. */
  refused?: string;
  /** A word whose value is only known when the command runs. */
  unclear?: string;
}

interface UvCommand extends UvArguments {
  /** The variables that are set for this command alone. */
  variables: Record<string, string>;
  /** The file that the output is redirected to. */
  output?: string;
}

type EnvironmentVariables = Record<string, string | undefined>;

/** The names that options and variables include and exclude. */
interface NameChoice {
  included: "all" | string[];
  excluded: string[];
  /** The names that options and variables mention. They have to exist. */
  named: string[];
}

interface GroupChoice extends NameChoice {
  /** Whether the dependencies of the project are left out. */
  isOnly: boolean;
  /** Whether a group is included only because it is a default group. */
  isDefault: (name: string) => boolean;
}

/** The projects that a command selects. */
interface InstallTarget {
  /** The projects that are installed with their dependencies. */
  roots: LockedPackage[];
  /** The project that the command selects alone. */
  current: LockedPackage | undefined;
  workspaceRoot: LockedPackage | undefined;
}

/** What a command selects in a project. */
interface InstallSelection {
  target: InstallTarget;
  groups: GroupChoice;
  extras: NameChoice;
}

/** A part of a project that asks for a package. */
interface PackageReason {
  kind: "project" | "dependencies" | "extra" | "group";
  /** The name of the extra or the group. */
  name: string;
  project: string;
  /** The packages from the project to the package. */
  chain: string[];
}

interface InstalledPackage {
  name: string;
  /** Empty if it is unknown. */
  version: string;
  reasons: PackageReason[];
}

interface InstallSettings {
  grammar: OptionGrammar;
  /** The version of Python, such as 3.14 or 3.14.2. */
  python: string;
  /** The platform as Docker names it. The default is linux/amd64. */
  platform?: string;
  variables?: EnvironmentVariables;
  /** The working directory, relative to the root of the project. */
  folder?: string;
  /** The absolute path of the root, with which absolute paths are understood. */
  root?: string;
}

/** What earlier commands left behind. */
interface InstallState {
  /** The packages of each virtual environment, or null if they are unknown. */
  environments: Record<string, InstalledPackage[] | null>;
  /** The packages in each exported file, by its name without a folder, because COPY and mounts move
   * files. */
  exports: Record<string, InstalledPackage[]>;
}

/** What a uv command does. */
interface InstallOutcome {
  /** The command as it is written. */
  text: string;
  /** The subcommand, such as "sync". */
  command: string;
  /** The path of the virtual environment, or "system" for the Python of the image. */
  environment?: string;
  /** The packages that are in it afterwards, sorted by name. */
  packages?: InstalledPackage[];
  /** The packages that an export lists. */
  exported?: InstalledPackage[];
  /** uv's reason for refusing the command. */
  refused?: string;
  /** The reason why the packages cannot be predicted. */
  unknown?: string;
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

// --- check: Dockerfiles ---

/** What could not be understood. */
interface DockerfileProblem {
  line: number;
  reason: string;
}

interface DockerfileHeredoc {
  name: string;
  content: string;
  /** Whether its variables are replaced. */
  expands: boolean;
}

/** A stage, by its number, or an image. */
type DockerfileOrigin = { stage: number; image?: undefined } | { image: string; stage?: undefined };

interface DockerfileMount {
  type: string;
  /** An absolute path. */
  target: string;
  /** The options under their long names. One without a value is "true". */
  options: Record<string, string>;
  /** Absent for files of the build context. */
  origin?: DockerfileOrigin;
}

interface DockerfileInstruction {
  keyword: string;
  /** The first and the last line, which count from 1. */
  line: number;
  lastLine: number;
  /** The instruction on one line, without comments. */
  text: string;
  /** The flags at its beginning. One without a value is "true". */
  flags: [name: string, value: string][];
  /** What follows the flags. */
  command: string;
  /** Whether the command is a JSON array. */
  isExec: boolean;
  /** The words of the command, those of ADD and COPY with the values of variables. */
  words: string[];
  /** Those of ADD and COPY with the values of variables. */
  heredocs: DockerfileHeredoc[];
  /** What RUN executes: the command, or the heredoc if there is nothing else. */
  script: string;
  mounts: DockerfileMount[];
  /** What COPY copies from. Absent for the build context. */
  origin?: DockerfileOrigin;
  /** What ARG and ENV set. */
  assignments: [name: string, value: string | undefined][];
  /** What the instruction sees. The base image can set more. */
  environment: Map<string, string>;
  workdir: string;
  user: string;
  shell: string[];
}

interface DockerfileStage {
  number: number;
  name: string;
  isNamed: boolean;
  /** The name of a stage or an image. */
  base: string;
  /** The number of the stage that it starts from. */
  baseStage?: number;
  platform: string;
  start: DockerfileInstruction;
  instructions: DockerfileInstruction[];
  /** The numbers of the stages that it needs. */
  uses: number[];
  /** What the next instruction would see. */
  end: Pick<DockerfileInstruction, "environment" | "workdir" | "user" | "shell">;
}

interface Dockerfile {
  stages: DockerfileStage[];
  problems: DockerfileProblem[];
}

// --- check: what the stages have installed ---

/** A uv command in a RUN, with the first and the last line of the instruction. */
interface InstallingLine extends InstallOutcome {
  line: number;
  lastLine: number;
}

interface StageInstalls {
  name: string;
  /** The line of its FROM. */
  line: number;
  /** Whether the build of the Dockerfile makes an image of it. */
  isShipped: boolean;
  commands: InstallingLine[];
  /** The packages of each environment at the end of the stage, or null if they are unknown. */
  environments: InstallState["environments"];
  /** The environment that the programs of the image use. */
  active?: string;
  /** Whether uv refuses a command of the stage, or of a stage that it needs. */
  isRefused: boolean;
}

// --- check: the steps that run again ---

interface BuildInput {
  /** The text of the Dockerfile. */
  dockerfile: string;
  /** The text of .dockerignore. */
  dockerignore?: string;
  /** Maps each file of the project to a hash of its content. Paths of folders end with a slash. */
  files: Record<string, string>;
  /** The text of pyproject.toml and uv.lock, by their path, with which exports are compared. */
  texts?: Record<string, string>;
  /** The options of uv commands, with which exports are read. */
  grammar?: OptionGrammar;
  buildArguments?: Record<string, string>;
  /** The stage that is built. The last one is the default. */
  target?: string;
  /** False for Docker's older image store, overlay2, with which `--link` has no effect. */
  mergesLayers?: boolean;
}

/** Why a step runs again. */
type Cause =
  /** The instruction is new or changed, the step above ran again, or an image changed. */
  | { kind: "instruction" | "above" | "image" }
  | { kind: "variables" | "files"; names: string[] }
  /** Files from a stage. It is assumed that a command that ran again changed them. */
  | { kind: "stage"; name: string; isAssumed: boolean };

interface PredictedStep {
  stage: string;
  line: number;
  lastLine: number;
  text: string;
  cached: boolean;
  cause?: Cause;
  /** The indexes of the steps whose results it uses. */
  after: number[];
}

interface Prediction {
  steps: PredictedStep[];
  problems: DockerfileProblem[];
}

/** What a layer has at a path, or adds to it. */
interface Content {
  part: unknown;
  /** Whether nothing of the layers above remains. */
  isAll: boolean;
  /** Whether a command wrote it, whose result is unknown. */
  isAssumed?: boolean;
}

/** Files that a step takes from the build context, a stage or an image. */
interface Source {
  key: number;
  definition: number;
  files?: { path: string; name: string; hash: string }[];
  layer?: Layer;
  /** The name of the stage. */
  stage?: string;
  isAssumed?: boolean;
}

/** A base image, or what a step made. */
interface Layer {
  key: number;
  definition: number;
  sources: Source[];
  content: (path: string) => Content | undefined;
  above?: Layer;
  operation?: number;
  /** The files of the build context that it copied. Their names are absolute paths. */
  files?: { path: string; name: string; hash: string }[];
  step?: BuildStep;
}

interface BuildStep {
  stage: string;
  instruction: DockerfileInstruction;
  above: Layer;
  operation: number;
  sources: Source[];
  /** Is equal for two steps if BuildKit takes the result of one for the other. */
  key: number;
  /** Is equal for two steps of one build that are the same step. */
  definition: number;
  layers: Layer[];
}

interface NumberedStep extends BuildStep {
  inputs: number[];
}

// --- check: findings ---

/** What a reader gives to the checker. Only the Dockerfile is needed. */
interface CheckInput extends Omit<BuildInput, "files" | "texts" | "grammar"> {
  grammar: OptionGrammar;
  /** Without it, compose and CI files do not count. */
  yaml?: YamlSupport;
  /** The folder of the build context in the repository. Other files can be above it. */
  context?: string;
  /** The path of the Dockerfile, whose name can say that it is for development. */
  path?: string;
  /** Absent if the project's folder is unknown. */
  files?: Record<string, string>;
  /** The texts of pyproject.toml, start scripts and compose.yaml, by their path. */
  texts?: Record<string, string>;
}

/** What the checker needs for compose and CI files. */
interface YamlSupport {
  read: (text: string) => YamlNode | undefined;
  rules: readonly Rule[];
  proposals: Proposals;
}

/** A function for each rule that has proposals. */
type Proposals = Record<
  string,
  (project: CheckedProject, finding: RuleFinding) => Proposal | undefined
>;

/** A simple command of a RUN instruction, or of what a container starts. */
interface ShellCommand {
  words: string[];
  /** Including the variables that the script and the command set. */
  environment: Map<string, string>;
  workdir: string;
  instruction: DockerfileInstruction;
  stage: DockerfileStage;
  /** The script of the project that contains the command. Absent for the Dockerfile. */
  file?: string;
  /** Whether it follows `exec`, or no shell starts it. */
  replacesShell: boolean;
  /** Whether it is in a branch or a loop of the script. */
  isConditional: boolean;
  /** What follows `uv`. Absent for another program. */
  uv?: UvArguments;
}

interface UvCall extends ShellCommand, UvArguments {}

/** A uv command that installs packages. */
interface UvInstall extends UvCall {
  /** The virtual environment that it installs into. "system" for the Python of the image. */
  target: string;
  /** Whether the shipped image has this virtual environment. */
  ships: boolean;
}

interface BaseImage {
  name: string;
  tag: string;
  hasDigest: boolean;
  family: "python" | "uv" | "debian" | "ubuntu" | "alpine" | "redhat" | "scratch" | "unknown";
  /** The minor version of its Python, such as "3.14". */
  python?: string;
}

/** What the container of the shipped image starts. */
interface ContainerStart {
  entrypoint?: DockerfileInstruction;
  command?: DockerfileInstruction;
  /** The commands in their order, also those of start scripts whose text is known. */
  commands: ShellCommand[];
  /** Whether the start script runs its arguments, and the instruction has none. */
  needsArguments?: boolean;
  /** The start script whose text is unknown. */
  hiddenScript?: string;
}

/** A value in a YAML file, with its lines: a text, a list or a map. */
interface YamlNode {
  line: number;
  lastLine: number;
  text?: string;
  items?: YamlNode[];
  entries?: Map<string, YamlEntry>;
}

interface YamlEntry {
  /** The line of the name. */
  line: number;
  node: YamlNode;
}

/** A service that is built from the Dockerfile. */
interface ComposeService {
  file: string;
  name: string;
  node: YamlNode;
  isDevelopment: boolean;
}

/** A job of a GitHub workflow or a GitLab pipeline. */
interface PipelineJob {
  file: string;
  /** The root of the repository, from the folder that is checked. */
  root: string;
  name: string;
  steps: PipelineStep[];
}

interface PipelineStep {
  node: YamlNode;
  /** What the shell runs. */
  scripts: YamlNode[];
  /** The working directory. Empty for the root of the repository. */
  folder: string;
  variables: Map<string, string>;
}

/** A text, and the part of the file that contains it. */
interface PipelineSetting {
  text: string;
  node: YamlNode;
}

/** A build of an image. Paths start at the root of the repository. */
interface PipelineBuild {
  context: string;
  /** Empty for the Dockerfile in the context. */
  dockerfile: string;
  /** Such as `NAME=value`. */
  arguments: PipelineSetting[];
  cacheTo: PipelineSetting[];
}

interface CheckedProject {
  input: CheckInput;
  /** The compose and CI files, by their path from the build context. */
  documents: Map<string, YamlNode>;
  /** Read the arguments of those commands that are uv. */
  withUv: (commands: ShellCommand[]) => ShellCommand[];
  lines: string[];
  dockerfile: Dockerfile;
  /** The stages that the build needs. */
  stages: DockerfileStage[];
  shipped: DockerfileStage;
  /** The instructions that make the shipped image, with those of the stages that it starts from. */
  image: DockerfileInstruction[];
  /** Whether the name of the stage says that it is for development. */
  isDevelopment: boolean;
  /** The commands of RUN instructions in every needed stage. */
  commands: ShellCommand[];
  uv: UvCall[];
  installs: UvInstall[];
  start: ContainerStart;
  /** Its path from the build context. */
  pyprojectFile: string;
  pyproject?: PyprojectTables;
}

interface PyprojectTables {
  /** Empty if it is missing. */
  requiresPython: string;
  dependencies: string[];
  extras: Record<string, string[]>;
  /** With the requirements of the groups that they include. */
  groups: Record<string, string[]>;
  defaultGroups: string[] | "all";
  isWorkspace: boolean;
  isPackage: boolean;
}

/** Replaces the lines from `line` to `lastLine`. If `lastLine` is before `line`, it inserts lines. */
interface LineEdit {
  /** The file, if it is not the Dockerfile. */
  file?: string;
  line: number;
  lastLine: number;
  text: string[];
}

/** Where a rule found something, and what happens in this project. */
interface RuleFinding {
  line: number;
  lastLine: number;
  /** The file, if it is not the Dockerfile. */
  file?: string;
  /** One sentence. */
  message: string;
  fix?: LineEdit[];
}

/** A change that ends a finding, if a condition is met that only the reader can check. */
interface Proposal {
  /** What to check, or to do beside it. One or two sentences. */
  condition: string;
  edits: LineEdit[];
}

type Severity = "breaks" | "slow" | "risky" | "untidy";

interface Rule {
  id: string;
  title: string;
  /** What to do about it. One sentence. */
  advice: string;
  /** "breaks" includes what leaks. */
  severity: Severity;
  /** The claims that prove what it says. */
  claims: string[];
  /** What it says without a claim that proves it. One sentence. */
  notTried?: string;
  /** Why there is no fix. One sentence. */
  noFix?: string;
  check: (project: CheckedProject) => RuleFinding[];
}

interface Finding extends RuleFinding, Pick<Rule, "title" | "advice" | "severity" | "claims"> {
  rule: string;
}

interface NotJudged {
  line: number;
  reason: string;
}

/** A folder with any number of Dockerfiles. */
interface Repository {
  /** All files. Paths of folders whose content does not matter end with a slash. */
  paths: string[];
  /** The texts of the files that the checker reads. */
  texts: Record<string, string>;
}

interface CheckedDockerfile {
  path: string;
  findings: (Finding & { proposal?: Proposal })[];
  notJudged: NotJudged[];
  problems: DockerfileProblem[];
  /** The new texts of the files that the fixes change. */
  fixed: Record<string, string>;
}

// --- kit/ ---

/** The answers to the questions of a kit: the id of an option for each question. */
interface KitAnswers {
  layout: "plain" | "src";
  system: "none" | "library" | "compiler";
  private: "none" | "git" | "index";
  python: string;
  database: "sqlite" | "postgresql";
  server: "gunicorn" | "uvicorn";
  worker: "none" | "celery" | "celery-beat";
  lockStage: "no" | "yes";
  ci: "none" | "gitlab" | "github";
  agents: "no" | "yes";
}

/** The reader's own names. A list can be empty. */
interface KitNames {
  project: string;
  settings: string;
  /** The settings module of production. If empty, the module `settings` of the package. */
  module: string;
  /** The folder with manage.py, or empty if it is the project's folder. */
  code: string;
  packages: string[];
  static: string[];
  folders: string[];
  /** Environment variables that the settings require, each with or without a value. */
  variables: string[];
  middleware: string;
  port: string;
  extras: string[];
  libraries: string[];
  headers: string[];
  indexName: string;
  indexUrl: string;
  privatePackages: string[];
  indexUser: string;
  gitHost: string;
}

interface KitQuestion {
  id: keyof KitAnswers;
  title: string;
  options: { id: string; label: string }[];
}

interface KitName {
  id: keyof KitNames;
  label: string;
  /** A list of texts, or one text. */
  default: string | string[];
  /** A regular expression for a text, or for each text of a list. */
  pattern: string;
  hint: string;
  /** The answers with which a kit uses the name. Without it, each kit does. */
  when?: { [question: string]: string[] };
}

interface KitRefusal {
  /** The questions of which another answer is needed. */
  questions: (keyof KitAnswers)[];
  reason: string;
  /** The claim that proves the reason. */
  claim: string;
}

/** Lines that go into an existing file. */
interface KitPart {
  /** `start`: above the first import; `end`: at the end; `toml`: into its tables. */
  at: "start" | "end" | "toml";
  text: string;
}

interface KitFile {
  path: string;
  text: string;
  /** `merge`: the lines of `parts` go into a file that the project has. */
  kind: "file" | "merge";
  note: string;
  parts?: KitPart[];
}

type ReadSource = (example: string, path: string) => string;

/** What a kit has to know about the project that a reader gave. */
interface KitProject {
  /** `isDependency` is false for packages of groups, and `group` is empty for all others. */
  packages: { name: string; isDependency: boolean; group: string }[];
  /** The groups of packages that production needs. */
  productionGroups: string[];
  /** The `required-version` of uv, or empty. */
  uvVersion: string;
  allowsUv: (version: string) => boolean;
  /** The files of the project, by their path from its root. */
  paths: string[];
  /** The lines without which `[project]` is incomplete. */
  metadata: string[];
  /** Whether `[project]` leaves its dependencies to a build backend. */
  isDynamic: boolean;
  /** What lists the packages, if `[project]` does not, and the page that describes the move. */
  move?: { from: string; page: "migrate" | "migrate-from-pip" };
  /** The table with the settings of pytest. */
  pytestTable: "[tool.pytest]" | "[tool.pytest.ini_options]";
  /** The settings module of the tests, or empty if pytest has none. */
  testSettings: string;
  baseDir: "path" | "text" | "unknown";
  /** The settings of storages that the project assigns, such as STORAGES. */
  storages: string[];
  /** Whether the settings collect static files without hashes in their names. */
  hasPlainStatics: boolean;
  isOnPostgis: boolean;
  notes: { text: string; file: string; claims?: string[] }[];
  /** The URL of the guide. */
  site: string;
}

/** Something that a reader has to know before the first build, and a page of the guide about it. */
interface KitNotice {
  text: string;
  page?: "migrate" | "migrate-from-pip";
}

/** What the modules of the files get. */
interface Kit {
  answers: KitAnswers;
  names: KitNames;
  pattern: "a" | "b" | "c";
  /** Return the text of an example's file, with marks instead of names. */
  read: ReadSource;
  sources: KitSources;
  project?: KitProject;
}

/** The JSON that guide.content.kit_sources writes. */
interface KitSources {
  examples: {
    [name: string]: {
      answers: KitAnswers;
      names: Partial<KitNames>;
      files: { [path: string]: string };
      texts: { own: string; general: string }[];
    };
  };
  snippets: { [name: string]: string };
  agents: { title: string; about: string; sections: KitAgentSection[] };
}

/** A line of AGENTS.md, and the answers with which it applies. */
interface KitAgentRule {
  text: string;
  when: { [question: string]: string[] };
}

interface KitAgentSection {
  title: string;
  when: { [question: string]: string[] };
  lines: KitAgentRule[];
}
