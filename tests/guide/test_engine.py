"""Wait for the health check of a container, and remove leftovers of runs."""

import json
import subprocess

import pytest

from guide import Problem
from guide.engine import docker, leftovers
from guide.engine.docker import Engine


class FakeEngine(Engine):
    """An engine that answers docker commands from a dictionary, and records them."""

    def __init__(self, answers: dict[str, str], private: bool = False) -> None:
        super().__init__({}, private)
        self.answers = answers
        self.commands: list[str] = []

    def docker(
        self,
        *arguments: str,
        check: bool = True,
        timeout: float = 600,
        input: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        command = " ".join(arguments)
        self.commands.append(command)
        answer = next((text for key, text in self.answers.items() if key in command), "")
        return subprocess.CompletedProcess([], 0, answer, "")


CHECKS = [{"ExitCode": 1, "Output": "connection refused"}, {"ExitCode": 3, "Output": "status 500"}]


def test_a_healthy_container_is_waited_for() -> None:
    FakeEngine({"State.Status": "running healthy\n"}).wait_until_healthy("web")


def test_a_stopped_container_is_reported_at_once_with_its_log_and_health_check() -> None:
    answers = {
        "State.Status": "exited unhealthy\n",
        "logs": "starting\nError: no database\n",
        "State.Health.Log": json.dumps(CHECKS),
    }
    with pytest.raises(Problem) as caught:
        FakeEngine(answers).wait_until_healthy("web")
    assert str(caught.value) == "A container stopped before it became healthy: Error: no database"
    (note,) = caught.value.__notes__
    assert note == ("starting\nError: no database\nIts health check exited with code 3: status 500")


def test_a_container_that_stays_unhealthy_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "HEALTHY_WITHIN", 0.1)
    engine = FakeEngine({"State.Status": "running starting\n", "logs": "", "Health.Log": "null\n"})
    with pytest.raises(Problem, match=r"did not become healthy within 0\.1 s") as caught:
        engine.wait_until_healthy("web")
    assert caught.value.__notes__ == ["\nIts health check has not run."]


def test_leftovers_of_other_runs_stay_in_an_engine_that_was_already_running() -> None:
    rows = "abc  guide-run-1\ndef  guide-run-2\nghi  \n"
    engine = FakeEngine({"container ls": rows, "image ls": "guide-run-1/web:latest\npython:3\n"})
    assert leftovers.identifiers(engine, "guide-run-1") == [
        "image guide-run-1/web:latest",
        "container abc",
    ]
    leftovers.remove_leftovers(engine, "guide-run-1")
    assert "container rm --force --volumes abc" in engine.commands
    assert "image rm --force guide-run-1/web:latest" in engine.commands
    assert not any("prune" in command for command in engine.commands)
