"""Every line of the files that readers copy is an item, and each item states what it is for."""

import ast
import re
import tomllib
from collections import Counter
from fnmatch import fnmatchcase

import pytest

from assertions import nonempty
from guide import Problem
from guide.content import line_outcomes, recordings
from guide.content.dockerfile import Dockerfile
from guide.content.edits import copy, edit
from guide.content.examples import every_example, example
from guide.content.line_items import Item, file_text, files, items, items_of, uncovered
from guide.record import line_edits, lines

EXAMPLES = [each for each in every_example() if lines.has_lines(each)]
ITEMS = {each.name: lines.lines_of(each) for each in EXAMPLES}
FILES = [(each, file) for each in EXAMPLES for file in files(each)]


def name_of(value):
    return getattr(value, "name", value)


def without(file: str, text: str, name: str) -> str:
    """Return a text without the item with this name or key."""
    found = [each for each in items_of(file, text) if name in {each.name, each.key}]
    assert len(found) == 1, [each.key for each in items_of(file, text)]
    return found[0].without(text)


# --- items ---


def test_the_examples_are_those_of_the_patterns():
    assert {each.project for each in EXAMPLES} == {
        *("pattern-a-single-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts"),
        *("lock-stage", "dependency-groups"),
    }


@pytest.mark.parametrize(("each", "file"), FILES, ids=name_of)
def test_every_line_belongs_to_an_item(each, file):
    text = file_text(each, file)
    assert uncovered(file, text) == [], f"{file} of {each.name} has lines without an item"


@pytest.mark.parametrize(("each", "file"), FILES, ids=name_of)
def test_items_have_unique_names_and_change_the_file(each, file):
    text = file_text(each, file)
    found = items_of(file, text)
    assert len({item.key for item in found}) == len(found) > 0
    for item in found:
        assert item.without(text) != text, item.key


@pytest.mark.parametrize("each", EXAMPLES, ids=name_of)
def test_a_dockerfile_without_an_item_has_the_same_other_instructions(each):
    text = each.dockerfile_text
    before = each.parsed
    for item in items_of("Dockerfile", text):
        if item.name.startswith("FROM"):
            continue
        after = Dockerfile.parse(item.without(text))
        removed = Counter(line.normalised for line in before.instructions)
        removed.subtract(line.normalised for line in after.instructions)
        changed = [text for text, count in removed.items() if count > 0]
        assert len(before.instructions) - len(after.instructions) in {0, 1}, item.key
        # An ENV can be part of later instructions.
        is_variable = item.name.startswith(("ENV", "ARG"))
        assert len(changed) == 1 or is_variable, (item.key, changed)


@pytest.mark.parametrize(("each", "file"), FILES, ids=name_of)
def test_python_and_toml_without_an_item_can_be_parsed(each, file):
    parse = {".py": ast.parse, ".toml": tomllib.loads}.get(file[file.rfind(".") :], str)
    text = file_text(each, file)
    for item in items_of(file, text):
        parse(item.without(text))


RUN = """\
FROM a AS one
RUN --mount=type=cache,id=x,target=/c \\
    A=1 uv sync --locked \\
        --group prod \\
    && rm -rf /x
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RUN uv sync", "FROM a AS one\n"),
        ("RUN uv sync --mount cache", RUN.replace("--mount=type=cache,id=x,target=/c ", "")),
        ("RUN uv sync id=x", RUN.replace(",id=x", "")),
        ("RUN uv sync A", RUN.replace("A=1", "")),
        ("RUN uv sync --locked", RUN.replace("--locked", "")),
        ("RUN uv sync --group prod", RUN.replace("        --group prod \\\n", "")),
        ("RUN uv sync && rm", RUN.replace(" \\\n    && rm -rf /x", "")),
        ("RUN uv sync && uv sync", RUN[: RUN.index("A=1")] + "rm -rf /x\n"),
    ],
)
def test_parts_of_a_run_instruction(name, expected):
    changed = without("Dockerfile", RUN, name)
    assert Dockerfile.parse(changed).code == Dockerfile.parse(expected).code or (
        [each.normalised for each in Dockerfile.parse(changed).instructions]
        == [each.normalised for each in Dockerfile.parse(expected).instructions]
    )


def test_the_last_word_of_an_instruction_leaves_no_open_line():
    text = "FROM a\nRUN uv sync \\\n    --locked\n\nCOPY a b\n"
    assert (
        without("Dockerfile", text, "RUN uv sync --locked") == "FROM a\nRUN uv sync\n\nCOPY a b\n"
    )


def test_a_stage_is_part_of_the_key_of_an_item():
    text = "FROM a AS one\nUSER 1\nFROM one\nUSER 2\n"
    keys = [each.key for each in items_of("Dockerfile", text)]
    assert keys == ["one: FROM a AS one", "one: USER 1", "stage-1: FROM one", "stage-1: USER 2"]


COMPOSE = """\
x-a: &a
  build: .

services:
  web:
    <<: *a
    ports: ["1:1"]
    # Wait.
    depends_on:
      db: { condition: service_healthy }
  db: { image: a }
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("services.web.<<", COMPOSE.replace("    <<: *a\n", "")),
        ("services.db", COMPOSE.replace("  db: { image: a }\n", "")),
        ("services.web.ports", COMPOSE.replace('    ports: ["1:1"]\n', "")),
        (
            "services.web.depends_on.db → condition: service_started",
            COMPOSE.replace("service_healthy", "service_started"),
        ),
        (
            "services.web.depends_on",
            re.sub(r"(?m)^    depends_on:\n.*\n", "", COMPOSE),
        ),
    ],
)
def test_items_of_a_compose_file(name, expected):
    assert without("compose.yaml", COMPOSE, name) == expected


def test_a_health_check_can_ask_another_page():
    text = example("lock-stage").folder.joinpath("healthcheck.py").read_text()
    changed = without("healthcheck.py", text, "connection.request('GET', '/healthz') → \"/\"")
    assert changed == text.replace('"/healthz"', '"/"')


def test_a_shell_form_replaces_the_exec_form():
    changed = without(
        "Dockerfile", 'FROM a\nCMD ["gunicorn", "b.wsgi"]\n', "CMD → CMD gunicorn b.wsgi"
    )
    assert changed == "FROM a\nCMD gunicorn b.wsgi\n"


# --- outcomes ---


@pytest.mark.parametrize("each", EXAMPLES, ids=name_of)
def test_every_item_has_an_outcome(each):
    for item in nonempty(ITEMS[each.name]):
        line_outcomes.outcome_of(each.name, item)


def test_an_item_without_an_outcome_is_reported():
    item = Item("Dockerfile", "LABEL a", 0, 0)
    with pytest.raises(Problem, match="nothing states what happens without 'LABEL a'"):
        line_outcomes.outcome_of("lock-stage", item)


def test_every_outcome_is_that_of_an_item():
    used = {line_outcomes.outcome_of(name, item) for name in ITEMS for item in ITEMS[name]}
    # What needs the jobs of a pipeline is not recorded yet.
    stated = [
        each for each in line_outcomes.all_outcomes() if each.probe.kind != line_outcomes.JOBS
    ]
    unused = [each.item for each in stated if each not in used]
    assert not unused, f"Remove these outcomes from line_outcomes.toml: {unused}"


@pytest.mark.parametrize("each", line_outcomes.all_outcomes(), ids=lambda each: each.item)
def test_outcomes_are_well_formed(each):
    re.compile(each.says)
    assert each.says not in {"", ".*"}
    assert each.without[0].islower() or each.without[0] in "`DJPGC"
    assert not each.without.endswith(".")
    if re.search(r"(?<!development )package \w|file /|config [A-Z]", each.says):
        assert each.probe.kind == line_outcomes.IMAGE, "Only this probe lists packages and files."
    assert each.probe.kind in KINDS
    after = each.probe.after
    assert bool(after) >= (each.probe.kind in {line_outcomes.REBUILD, line_outcomes.TIME})
    if after and after not in IN_BUILDS:
        # Raises Problem if there is no such edit.
        line_edits.situation(after, example("lock-stage"))


KINDS = {
    value
    for name, value in vars(line_outcomes).items()
    if name.isupper() and isinstance(value, str)
}
# Edits that `guide.record.line_builds` makes itself, because they need more than a copy.
IN_BUILDS = {
    "default-cache",
    "unlocked-here",
    "unlocked-online",
    "other-project",
    "parallel-build",
    "old-python",
}


# --- recordings ---


def test_the_recordings_are_up_to_date():
    recorded = {name: recordings.lines(name)["lines"] for name in recordings.names("lines")}
    outdated = {name: lines.why_outdated(example(name), recorded[name]) for name in recorded}
    wrong = {name: reasons for name, reasons in outdated.items() if reasons}
    assert not wrong, f"Run scripts/record lines with these names: {wrong}"


@pytest.fixture
def recorded():
    """The recorded lines of an example whose differences are as stated."""
    each = example("lock-stage--kept-venv")
    return [
        lines.recorded_line(each, item, outcome, ["build: succeeds → stops", "difference"])
        for item in ITEMS[each.name]
        if re.search(
            (outcome := line_outcomes.outcome_of(each.name, item)).says, "build: succeeds → stops"
        )
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda line: line.update(text="RUN other"), "has changed"),
        (lambda line: line.update(differences=[]), "has another outcome than is stated"),
        (lambda line: line.update(differences=["a: 1 → 2"]), "has another outcome than is stated"),
        (lambda line: line.update(item="RUN b"), "does not exist"),
    ],
)
def test_an_outdated_line_is_noticed(recorded, change, reason):
    each = example("lock-stage--kept-venv")
    missing = lines.why_outdated(each, recorded)
    assert all(text.endswith("is not recorded") for text in nonempty(missing))
    change(recorded[0])
    new = {*lines.why_outdated(each, recorded)} - {*missing}
    assert any(text.endswith(reason) for text in new), new


# --- edits ---


def test_leftover_files_are_those_that_the_entries_name():
    entries = ["# a", "", ".git", "**/.env*", "tests", "compose.yaml", "!src", "**/__pycache__"]
    paths = line_edits.leftover_paths(entries, example("lock-stage").folder.relative_to("/"))
    root = example("lock-stage").folder.relative_to("/")
    assert [path.as_posix() for path in paths] == [
        ".git/left-over",
        f"{root}/.envx",
        "tests/left-over",
        "compose.yaml",
        f"{root}/__pycache__/left-over",
    ]


def test_an_item_is_removed_before_the_edit(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    text = 'name = "a"\n[tool.uv]\npackage = false\n'
    (folder / "pyproject.toml").write_text(text)
    (folder / "README.md").write_text("")
    item = next(each for each in items_of("pyproject.toml", text) if each.name == "tool.uv")
    commands = []
    change = line_edits.removing(item, edit("readme"))
    change.apply(folder, lambda _folder, arguments: commands.append(arguments))
    assert (folder / "pyproject.toml").read_text() == 'name = "a"\n'
    assert (folder / "README.md").read_text() == "One more line.\n"
    assert commands == [["lock"]]


def edits_of_probes(name):
    """Return the names of the edits that the probes of an example make in a copy."""
    items = ITEMS[name]
    used = [each for each in line_outcomes.all_outcomes() if each.probe.after not in IN_BUILDS]
    return {
        each.probe.after
        for each in used
        if each.probe.after
        and any(
            fnmatchcase(name, each.example)
            and fnmatchcase(item.file, each.file)
            and line_outcomes.matches(each.item, item)
            for item in items
        )
    }


SITUATIONS = [(name, after) for name in ITEMS for after in sorted(edits_of_probes(name))]


@pytest.mark.parametrize(("name", "after"), SITUATIONS)
def test_the_edit_of_a_probe_changes_the_unchanged_example(name, after, tmp_path):
    """uv itself does not run in this test."""
    used = []
    folder = copied(example(name), tmp_path / name)
    situation = line_edits.situation(after, example(name))
    before = contents(folder)
    line_edits.removing(None, situation.first, situation.change).apply(
        folder, lambda _folder, arguments: used.append(arguments)
    )
    assert used or contents(folder) != before


def copied(each, folder):
    copy(each, folder)
    (folder / "Dockerfile").write_text(each.dockerfile_text)
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def no_uv(_folder, arguments):
    raise AssertionError(f"uv is not needed for {arguments}")


def test_a_timed_edit_changes_something_each_time(tmp_path):
    for name in ("view", "ruff"):
        texts = set()
        for number in range(2):
            folder = copied(example("lock-stage"), tmp_path / f"{name}-{number}")
            line_edits.repeatable(name).apply(folder, no_uv)
            texts.add(frozenset(contents(folder).values()))
        assert len(texts) == 2


def test_a_step_that_could_update_the_lockfile_has_a_network_and_needs_no_git(tmp_path):
    each = example("pattern-c-cache-mounts--lock-stage")
    item = next(item for item in ITEMS[each.name] if item.key == "lock: RUN uv export --locked")
    folder = copied(each, tmp_path / each.name)
    locked = []
    edit = line_edits.only_check_online(item, is_removed=False)
    edit.apply(folder, lambda _folder, arguments: locked.append(arguments))
    changed = "".join(Dockerfile.parse((folder / "Dockerfile").read_text()).code)
    assert "uv export --quiet --locked" in changed
    assert "--network=none" not in changed
    assert "shipcodes" not in (folder / "pyproject.toml").read_text()
    assert locked == [["lock"]]


def test_steps_with_cache_mounts_run_again(tmp_path):
    each = example("lock-stage--kept-venv")
    folder = copied(each, tmp_path / each.name)
    line_edits.RUN_MOUNTS_AGAIN.apply(folder, no_uv)
    instructions = Dockerfile.parse((folder / "Dockerfile").read_text()).instructions
    mounting = [
        number for number, each in enumerate(instructions) if "type=cache" in "".join(each.code)
    ]
    assert len(mounting) == 2
    assert all("RUN_AGAIN" in instructions[number - 1].assignments for number in mounting)


@pytest.mark.parametrize("is_removed", [False, True])
def test_only_one_line_checks_the_lockfile(tmp_path, is_removed):
    each = example("pattern-c-cache-mounts")
    item = next(item for item in ITEMS[each.name] if item.key == "test: RUN uv sync --locked (2)")
    folder = copied(each, tmp_path / each.name)
    removed = item if is_removed else None
    line_edits.removing(removed, line_edits.only_check(item, is_removed)).apply(folder, no_uv)
    changed = Dockerfile.parse((folder / "Dockerfile").read_text())
    checking = [line for line in changed.code if "--locked" in line]
    assert len(checking) == (0 if is_removed else 1)
    assert "--no-editable --no-cache" in "".join(changed.code)
    assert "sentry-sdk" in (folder / "pyproject.toml").read_text()


def test_another_project_has_cache_mounts_without_ids(tmp_path):
    folder = copied(example("lock-stage--kept-venv"), tmp_path / "project")
    commands = []
    line_edits.OTHER_PROJECT.apply(folder, lambda _folder, arguments: commands.append(arguments))
    assert "type=cache,target=/var/cache/venv,sharing=locked" in (folder / "Dockerfile").read_text()
    assert commands == [["add", "idna", "--no-sync"]]


def test_the_left_over_file_is_created_before_the_files_are_collected(tmp_path):
    folder = copied(example("pattern-a-single-stage"), tmp_path / "project")
    change = line_edits.situation("static-exists", example("pattern-a-single-stage")).change
    change.apply(folder, no_uv)
    instructions = [
        each.normalised
        for each in Dockerfile.parse((folder / "Dockerfile").read_text()).instructions
    ]
    number = next(number for number, each in enumerate(instructions) if "left-over" in each)
    assert "collectstatic" in instructions[number + 1]


def test_an_edit_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    with pytest.raises(line_edits.EditFailed, match="line-length"):
        line_edits.removing(None, edit("ruff")).apply(tmp_path, no_uv)


def test_a_failed_lock_is_reported(tmp_path):
    text = "[tool.uv]\n"
    (tmp_path / "pyproject.toml").write_text(text)

    def fail(_folder, _arguments):
        raise Problem("No `project` table found")

    (item,) = items_of("pyproject.toml", text)
    with pytest.raises(line_edits.LockFailed, match="No `project` table"):
        line_edits.removing(item).apply(tmp_path, fail)


def test_all_items_are_listed_by_example():
    assert {each.file for each in items(example("lock-stage--kept-venv"))} == {"Dockerfile"}
    assert "src/tracking/healthcheck.py" in files(example("pattern-c-cache-mounts"))
