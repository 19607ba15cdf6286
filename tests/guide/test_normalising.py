"""Remove the parts of transcripts that differ between runs or machines."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide import Problem
from guide.content.examples import Example
from guide.engine.build import Build
from guide.engine.buildkit import Step
from guide.engine.docker import Engine
from guide.engine.terminal import DockerTerminal, Terminal, shown_steps
from guide.engine.transcripts import ProjectCopy, readme_commands
from guide.machine.waiting import wait_until

ENGINE = Engine(dict(os.environ), private=False)


# --- the terminal of a claim ---


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, "/nowhere/uv", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("output", "normalised"),
    [
        ("Resolved 3 packages in 12ms", "Resolved 3 packages in …"),
        ("Installed 1 package in 1.25s", "Installed 1 package in …"),
        ("failed after 30 s", "failed after …"),
        ("within 30 seconds", "within 30 seconds"),
        ("Using CPython 3.14.0\nResolved\nPrepared 2 packages in 1ms\n", "Resolved"),
        (" Downloading django (8.0MiB)\n Downloaded django\n", ""),
        ("Python 3.14.0 and CPython 3.11.2", "Python 3.x and CPython 3.x"),
        ("lib/python3.14/site-packages", "lib/python3/site-packages"),
        ("Defaulting to `>=3.13`", "Defaulting to `>=3.x`"),
        ("at https://mirror.example/a/b/x-1.0.tar.gz (1 MB)", "at https://…/x-1.0.tar.gz (1 MB)"),
        ("at https://docs.example/a/b", "at https://docs.example/a/b"),
        ("commit " + "0a" * 20, "commit …"),
        ("digest sha256:" + "0a" * 32, "digest sha256:…"),
        ("short hash 0a0a0a0", "short hash 0a0a0a0"),
        ("trailing  \t\nspaces ", "trailing\nspaces"),
        ("cache/.tmpAbC123/x", "cache/.tmp…/x"),
        ("[2026-11-28 10:00:00 +0000] [7] [INFO] Booting", "[7] [INFO] Booting"),
        ("failed to lookup address information: Try again", "failed to lookup address information"),
        (
            'Traceback (most recent call last):\n  File "x"\n    y\nKeyError: 1',
            "Traceback (most recent call last):\n  …\nKeyError: 1",
        ),
        (
            "Creating virtualenv shop-cek3xCHO-py3.11 in ~/virtualenvs",
            "Creating virtualenv shop-…-py3 in ~/virtualenvs",
        ),
    ],
)
def test_a_transcript_is_normalised(terminal: Terminal, output: str, normalised: str) -> None:
    assert terminal.normalised(output) == normalised


def test_the_home_folder_is_a_tilde(terminal: Terminal) -> None:
    assert terminal.normalised(f"{terminal.folder}/uv.lock") == "~/shop/uv.lock"


# Random sequences of words and numbers from the output of uv.
WORDS = st.sampled_from(
    ["Resolved", "in 3ms", "Python 3.14.0", "python3.14", "a" * 40, ".tmpabcdef", "\n", "  ", "=="]
)


@given(st.lists(WORDS).map("".join))
def test_a_normalised_transcript_stays_as_it_is(output: str) -> None:
    terminal = Terminal(Path("/nowhere"), "uv", "cache")
    once = terminal.normalised(output)
    assert terminal.normalised(once) == once


@given(st.lists(st.sampled_from(["error:", "django==6.0", "0.13.9", "no-dev", "`uv`"])))
def test_words_and_versions_of_packages_stay(words: list[str]) -> None:
    text = "\n".join(words)
    assert Terminal(Path("/nowhere"), "uv", "cache").normalised(text) == text


def test_commands_and_output_are_kept(terminal: Terminal) -> None:
    terminal.write("a.txt", "one\n")
    assert terminal.run("cat a.txt; echo two >&2") == "one\ntwo"
    assert terminal.fails("exit 3") == ""
    assert terminal.transcript == [
        {"file": "a.txt", "text": "one"},
        {"command": "cat a.txt; echo two >&2", "output": "one\ntwo", "exit_code": 0},
        {"command": "exit 3", "output": "", "exit_code": 3},
    ]


def test_an_unexpected_exit_code_fails_the_test(terminal: Terminal) -> None:
    with pytest.raises(AssertionError, match="exited with code 3: why"):
        terminal.run("echo why; exit 3")
    with pytest.raises(AssertionError, match="to fail, but it succeeded: well"):
        terminal.fails("echo well")


def test_settings_from_outside_do_not_reach_a_command(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    assert terminal.run("echo $UV_OFFLINE $HTTPS_PROXY $HOME") == "http://proxy.example ~"


def test_engine_names_are_replaced_by_typed_names(tmp_path: Path) -> None:
    docker = DockerTerminal(tmp_path, "uv", "cache", engine=ENGINE, name="x")
    output = f"{docker.image}:latest runs in {docker.container}, as {docker.image}"
    assert docker.normalised(output) == "shop runs in web, as shop"


def test_stages_are_named_where_there_are_several() -> None:
    steps = [Step("base", "COPY . .", True, 0), Step("base", "RUN uv sync", False, 1)]
    assert shown_steps(Build("t", steps, 1, "")) == "CACHED  COPY . .\nran     RUN uv sync"
    steps.append(Step("prod", "RUN true", False, 1))
    assert shown_steps(Build("t", steps, 1, "")).splitlines()[2] == "ran     [prod] RUN true"


# --- the commands of a README ---


@pytest.fixture
def project_copy(tmp_path: Path, write_example: Callable[..., Path]) -> ProjectCopy:
    write_example("bakery", {"README.md": "# Bakery\n"})
    return ProjectCopy(ENGINE, Example("bakery"), tmp_path, "guide-0f0f", 40123)


def test_names_and_ports_of_a_run_are_those_of_the_readme(project_copy: ProjectCopy) -> None:
    printed = project_copy.run('echo "$COMPOSE_PROJECT_NAME at localhost:8000, port $PORT"')
    assert printed.output == "bakery at localhost:8000, port 40123"
    assert printed.text.endswith('port $PORT"')
    assert project_copy.commands == [printed]


def test_the_last_state_of_each_container_is_kept_in_sorted_order(
    project_copy: ProjectCopy,
) -> None:
    lines = [
        "#7 [2/3] COPY . .",
        "#7",
        " Image bakery-web  Built",
        "(Reading database ... 5%",
        " Container guide-0f0f-web-1  Starting",
        " Container guide-0f0f-db-1  Started",
        " Network guide-0f0f_default  Created",
        "a line of the service",
        " Container guide-0f0f-web-1  Healthy",
    ]
    (project_copy.folder / "output").write_text("\n".join(lines))
    assert project_copy.run("cat output").output.splitlines() == [
        "a line of the service",
        "Network bakery_default Created",
        "Container bakery-db-1 Started",
        "Container bakery-web-1 Healthy",
    ]


def test_a_failed_command_is_reported_in_one_line(project_copy: ProjectCopy) -> None:
    with pytest.raises(Problem) as caught:
        project_copy.run("echo first; echo second; exit 4")
    assert str(caught.value).endswith("exited with code 4: second")
    assert caught.value.__notes__ == ["first\nsecond\n"]
    assert project_copy.commands == []
    assert project_copy.run("exit 4", check=False).exit_code == 4


def test_a_background_command_is_read_and_stopped(project_copy: ProjectCopy) -> None:
    with project_copy.background("sh", "-c", "echo ready; sleep 300"):
        wait_until(
            lambda: project_copy.background_output, timeout=20, interval=0.01, failing="no output"
        )
    assert project_copy.background_output == ["ready\n"]


def test_the_commands_of_a_readme_are_the_lines_of_its_block(
    write_example: Callable[..., Path],
) -> None:
    write_example("bakery", {"README.md": "# B\n\n```sh\na --b\nc\n```\n\n```text\nd\n```\n"})
    assert readme_commands(Example("bakery")) == ["a --b", "c"]


@pytest.mark.parametrize("blocks", [0, 2])
def test_a_readme_has_one_block_of_commands(
    write_example: Callable[..., Path], blocks: int
) -> None:
    write_example("bakery", {"README.md": "# B\n\n" + "```sh\na\n```\n\n" * blocks})
    with pytest.raises(Problem, match=f"has {blocks} sh blocks. It must have exactly one"):
        readme_commands(Example("bakery"))
