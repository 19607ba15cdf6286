"""The types of the recordings under docs/data/, and the source of their JSON schemas.

The docstrings become the descriptions in the published schemas. Seconds are wall time, sizes bytes.
"""

from typing import NotRequired, TypeAlias

# pydantic, which generates the schemas, needs this TypedDict on Python 3.11.
from typing_extensions import TypedDict


class Machine(TypedDict):
    """The machine that a recording was made on. `memory` is in GiB.

    `cpu` is absent if the engine runs in a virtual machine whose processor is not known. It and
    `kernel` are also absent in recordings from before version 1.0.0 of the guide.
    """

    cores: int
    memory: int
    system: str
    architecture: str
    cpu: NotRequired[str]
    kernel: NotRequired[str]


class Provenance(TypedDict):
    """When a recording was made, with which versions and on which machine.

    `commit` is the commit of the guide, with "-dirty" if files other than recordings had been
    changed since. `base_images` is `pulled` or `stand-ins`; `stand_ins` names the images that were
    made on the machine under official names. `images` are the digests of the base images, or the
    ids of stand-ins. These three are absent when no container was needed. `commit` and `images`
    are also absent in recordings from before version 1.0.0 of the guide.
    """

    date: str
    commit: NotRequired[str]
    versions: dict[str, str]
    machine: NotRequired[Machine]
    base_images: NotRequired[str]
    stand_ins: NotRequired[list[str]]
    images: NotRequired[dict[str, str]]


class Recording(TypedDict):
    """What every recording contains.

    `digest` is a SHA-256 of everything else. Writing the file adds it, so that the tests notice a
    change by hand.
    """

    recorded: Provenance
    digest: NotRequired[str]


class RecordedStep(TypedDict):
    """One step of a build: an instruction of a stage, and whether its result came from the cache.

    `started` is in seconds since the build began, and `after` lists the positions of the steps
    that had to finish first. Both are present where steps were recorded for the rebuild explorer.
    """

    stage: str
    instruction: str
    cached: bool
    seconds: float
    started: NotRequired[float]
    after: NotRequired[list[int]]


# --- layers/, runs/, traps/, sets/: one file for each example ---


class RecordedBuild(TypedDict):
    """A build after one edit: the median in seconds, every round, and the steps of that build.

    `prepared` is the number of packages that uv downloaded or built.
    """

    name: str
    title: str
    seconds: float
    every_round: list[float]
    prepared: int
    steps: list[RecordedStep]


class LayersRecording(Recording):
    """What each edit of an example rebuilds, and how long that takes."""

    builds: list[RecordedBuild]


class RecordedCommand(TypedDict):
    """A command line as it was typed, what it printed, and its exit code."""

    text: str
    output: str
    exit_code: int
    seconds: NotRequired[float]


class RunContent(TypedDict):
    """The content of a RunRecording."""

    commands: list[RecordedCommand]
    packages: list[str]
    image_size: int
    base_image_size: int
    layers: int
    build_tools: dict[str, int]
    stage_sizes: dict[str, int]
    view_edit_size: int


class RunRecording(Recording, RunContent):
    """The commands of an example's README as they ran, and what its production image contains.

    `layers` counts the layers above the base image. `build_tools` are programs in the image that
    building needs and running does not, with their sizes. `view_edit_size` is the size of the
    layers that are new after a view was edited.
    """


class RecordedTrap(TypedDict):
    """One changed line of a Dockerfile, the error that follows, and the packages in the image."""

    name: str
    line: str
    output: str
    packages: list[str]


class TrapsRecording(Recording):
    """What goes wrong when one line of an example's Dockerfile is changed."""

    traps: list[RecordedTrap]


class RecordedLine(TypedDict):
    """What happens without a line or setting of a file, or with its default, `replacement`.

    `text` is what was removed. `differences` are facts that the `probe` found to differ from the
    unchanged example, "FACT: BEFORE → AFTER". `guide.content.line_outcomes` has a sentence for
    them.
    """

    file: str
    item: str
    text: str
    replacement: str
    probe: str
    differences: list[str]


class LinesContent(TypedDict):
    """The content of a LinesRecording."""

    unchanged: dict[str, str]
    lines: list[RecordedLine]


class LinesRecording(Recording, LinesContent):
    """What happens without each line of an example's files.

    `unchanged` are facts about the unchanged example, such as the configuration of its image.
    """


class RecordedOutcome(TypedDict, total=False):
    """The packages that a command installs, or uv's reason for refusing the command."""

    packages: list[str]
    refused: str


class RecordedSequence(TypedDict):
    """What the last of several commands runs, and the position of the outcome."""

    runs: str
    outcome: int


LinesByCommand = TypedDict("LinesByCommand", {"uv sync": dict[str, int], "uv run": dict[str, int]})


class SetsContent(LinesByCommand):
    """The content of a SetsRecording."""

    commands: list[str]
    options: list[str]
    bases: list[str]
    also: list[str]
    ways: list[str]
    groups: list[str]
    sizes: dict[str, int]
    outcomes: list[RecordedOutcome]
    lines: dict[str, int]
    sequences: dict[str, RecordedSequence]


class SetsRecording(Recording, SetsContent):
    """What every combination of the options of `uv sync` and `uv run` installs.

    `lines` gives each line of options the position of its outcome in `outcomes`. The keys
    `uv sync` and `uv run` do so for lines whose outcome differs between the two. `sizes` are
    the sizes of the installed packages in kB.
    """


# --- uv-options ---


class CommandOptions(TypedDict):
    """The options of a command: those without a value, those with a value, and the short names."""

    flags: list[str]
    values: list[str]
    short: dict[str, str]


class UvOptionsContent(TypedDict):
    """The content of a UvOptionsRecording."""

    commands: dict[str, CommandOptions]


class UvOptionsRecording(Recording, UvOptionsContent):
    """The options of the uv commands that install packages or export the lockfile.

    The key `""` has the options of every command, which the other keys leave out.
    """


# --- claims/ and uv-versions ---


class WrittenFile(TypedDict):
    """A file that a test wrote before its next command."""

    file: str
    text: str


class TypedCommand(TypedDict):
    """A command that a test typed, what it printed, and its exit code."""

    command: str
    output: str
    exit_code: int


class ClaimRecording(Recording):
    """The transcript of the test of one statement about uv or Docker.

    `asserted` is the code with which the test compares the output of its commands. Older
    recordings lack it.
    """

    sentence: str
    asserted: NotRequired[list[str]]
    transcript: list[WrittenFile | TypedCommand]


class ClaimVersions(TypedDict):
    """Which releases of uv a statement holds with.

    `since` is the first release with which it holds for good. `until` is the last release with
    which a former statement held. `why_not` is the error of its test with the newest release in
    `holds` with which it fails. `test` is the fingerprint of the test.
    """

    since: str
    until: NotRequired[str]
    holds: dict[str, bool]
    why_not: str | None
    test: NotRequired[str]


class UvVersionsContent(TypedDict):
    """The content of a UvVersionsRecording."""

    versions: list[str]
    claims: dict[str, ClaimVersions]
    options: dict[str, str]


class UvVersionsRecording(Recording, UvVersionsContent):
    """Which statements hold with which release of uv, and since when uv has its options."""


# --- bench, bench-commands, bench-images, bench-line, bench-runner, bench-start, bench-steps and
# bench-pipelines ---


class RecordedTiming(TypedDict):
    """The median of the rounds and each round, in seconds; for a build also its steps."""

    seconds: float
    every_round: list[float]
    steps: NotRequired[list[RecordedStep]]


class TimedSubject(TypedDict):
    """What was timed. `runs` has a timing for each change made before it, or for each start."""

    name: str
    title: str
    runs: dict[str, RecordedTiming]


class TimedContender(TimedSubject):
    """A Dockerfile that was timed. `dockerfile` is the SHA-256 of its text."""

    dockerfile: str


class TimedCommand(TimedSubject):
    """A command that was timed in a container. `starts_from` describes the container's image."""

    command: str
    starts_from: str


class ContenderImage(TypedDict):
    """The image of a Dockerfile: its size, and what building it without a cache needed.

    `dockerfile` is the SHA-256 of the Dockerfile's text, and `peak_memory` the peak of any step.
    """

    name: str
    title: str
    dockerfile: str
    size: int
    layers: int
    downloaded: int
    peak_memory: int


class Network(TypedDict):
    """The bandwidth and delay that the builds were given, as `tc` takes them."""

    rate: str
    delay: NotRequired[str]


class BenchRecording(Recording):
    """Dockerfiles timed side by side: builds, jobs on a fresh CI runner, lint, sync and start. Each
    file has some of these."""

    network: Network
    builds: NotRequired[list[TimedContender]]
    runner: NotRequired[list[TimedContender]]
    lint: NotRequired[list[TimedCommand]]
    sync: NotRequired[list[TimedCommand]]
    start: NotRequired[list[TimedContender]]
    images: NotRequired[list[ContenderImage]]


class TimedPipelineJob(TimedSubject):
    """A CI job that was timed on a fresh runner and on one that has the images and caches."""

    commands: list[str]


class BenchPipelinesRecording(Recording):
    """The jobs of the CI pipelines, timed."""

    jobs: list[TimedPipelineJob]


# --- migration, command-map, pipelines, renovate, site ---


class ConvertedProject(TypedDict):
    """pyproject.toml after the conversion, and with the tables of both tools."""

    converted: str
    both: str


class MigrationContent(TypedDict):
    """The content of a MigrationRecording."""

    tool: str
    parts: dict[str, list[RecordedCommand]]
    pyproject: ConvertedProject
    packages: int
    other_versions: list[str]


class MigrationRecording(Recording, MigrationContent):
    """The move of a project from Poetry to uv, command by command.

    `parts` are the sections of the page. `packages` counts the packages in uv.lock, and
    `other_versions` names those that poetry.lock had in another version.
    """


Effect: TypeAlias = bool | int | str | list[str] | dict[str, str | list[str]]


class EffectOfEach(TypedDict):
    """What the command of each tool did, where the two differ."""

    poetry: Effect
    uv: Effect


class CommandMapRow(TypedDict):
    """A Poetry command and the uv command that replaces it, run on twin projects.

    `same` are the effects in which the two agree, `differs` those in which they do not, and
    `difference` says so in a sentence.
    """

    group: str
    when: str
    poetry: str
    uv: str
    same: dict[str, Effect]
    differs: dict[str, EffectOfEach]
    difference: str


class CommandMapRecording(Recording):
    """Poetry commands and their uv equivalents."""

    rows: list[CommandMapRow]


class PipelineJob(TypedDict):
    """A CI job, its commands, and the packages in its virtual environment afterwards."""

    name: str
    commands: list[str]
    installed: list[str]


class PipelinesContent(TypedDict):
    """The content of a PipelinesRecording."""

    gitlab: list[PipelineJob]
    github: list[PipelineJob]
    stale: list[str]
    wrong_token: list[str]


class PipelinesRecording(Recording, PipelinesContent):
    """The jobs of the CI pipelines as they ran.

    `stale` is what a job prints when uv.lock is out of date, and `wrong_token` what it prints when
    the package index rejects its token.
    """


class RenovateDependency(TypedDict):
    """A dependency that Renovate finds, with the manager that reads its file."""

    file: str
    manager: str
    name: str
    value: str


class RenovateContent(TypedDict):
    """The content of a RenovateRecording."""

    dependencies: list[RenovateDependency]


class RenovateRecording(Recording, RenovateContent):
    """The dependencies that Renovate finds in the example with the pipelines."""


class LighthousePage(TypedDict):
    """A page in Lighthouse, with a value for each round.

    `scores` are those of the categories and `calibrated` is the performance score on a phone of
    the same speed whatever the machine. Largest Contentful Paint (`lcp`) and Total Blocking Time
    (`tbt`) are in milliseconds. `benchmark` is the speed index of the machine, and `missed` the
    lowest score of each audit that was not passed.
    """

    name: str
    scores: dict[str, list[int]]
    calibrated: list[int]
    lcp: list[float]
    tbt: list[float]
    cls: list[float]
    benchmark: list[int]
    missed: dict[str, float]


class PageWeight(TypedDict):
    """The bytes that a first visit to a page transfers, compressed, by path."""

    name: str
    bytes: dict[str, int]


class SiteContent(TypedDict):
    """The content of a SiteRecording."""

    calibrated_for: int
    pages: dict[str, LighthousePage]
    theme: LighthousePage
    weights: dict[str, PageWeight]


class SiteRecording(Recording, SiteContent):
    """This site in Lighthouse, and the weight of its pages.

    `theme` is an empty page in the same theme. `calibrated_for` is the benchmark index of the
    machine that the calibrated scores stand for.
    """


# Recording kinds. Each has a JSON schema of the same name. `bench` also describes the files of
# BENCH_FILES. Each of the first six kinds has a folder with several files.
class PlantedFault(TypedDict):
    """A fault that scripts/mutate planted in `file`: `caught`, `missed` or `not tried`.

    `test` is the test that failed because of it, or empty.
    """

    name: str
    file: str
    outcome: str
    test: str


class MutationsRecording(Recording):
    """The faults that scripts/mutate planted, and whether the tests noticed them."""

    faults: list[PlantedFault]


# --- kits ---


class RecordedKit(TypedDict):
    """A kit that was applied to a new project, built, started and asked.

    `answers` maps the questions of the kit to the answers. `versions` are those in the container,
    and `commands` are those that the instructions list, apart from uv's.
    """

    answers: dict[str, str]
    versions: dict[str, str]
    commands: list[str]


class KitsContent(TypedDict):
    """Every kit of which a different image is built, and what each of them was asked."""

    asked: list[str]
    kits: list[RecordedKit]


class KitsRecording(Recording, KitsContent):
    """Every kit of which a different image is built."""


class RecordedTurn(TypedDict):
    """A kind of turn of the development loop: the median in seconds, and every round."""

    name: str
    seconds: float
    every_round: list[float]


class DevLoopContent(TypedDict):
    """The content of a DevLoopRecording."""

    example: str
    turns: list[RecordedTurn]


class DevLoopRecording(Recording, DevLoopContent):
    """The time from a saved file to the response of a running service that shows the change."""


KINDS: dict[str, type] = {
    "layers": LayersRecording,
    "runs": RunRecording,
    "traps": TrapsRecording,
    "kits": KitsRecording,
    "lines": LinesRecording,
    "dev-loop": DevLoopRecording,
    "mutations": MutationsRecording,
    "sets": SetsRecording,
    "claims": ClaimRecording,
    "bench": BenchRecording,
    "bench-pipelines": BenchPipelinesRecording,
    "migration": MigrationRecording,
    "command-map": CommandMapRecording,
    "pipelines": PipelinesRecording,
    "renovate": RenovateRecording,
    "site": SiteRecording,
    "uv-options": UvOptionsRecording,
    "uv-versions": UvVersionsRecording,
}


BENCH_FILES = {
    "bench-commands",
    "bench-images",
    "bench-line",
    "bench-runner",
    "bench-start",
    "bench-steps",
}


# The recordings that were made on a hosted runner with official base images.
HOSTED = "hosted/"


def kind_of(name: str) -> str:
    """Return the kind of the recording `name`, such as "layers" for "layers/pattern-b"."""
    kind = name.removeprefix(HOSTED).partition("/")[0]
    return "bench" if kind in BENCH_FILES else kind
