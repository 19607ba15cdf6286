"""Time the development loop: from a saved file to the response that shows the change."""

import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from statistics import median

from guide.content.examples import example as find_example
from guide.content.recording_types import DevLoopContent, RecordedTurn
from guide.engine.docker import Engine
from guide.engine.transcripts import ProjectCopy, project_copy
from guide.machine.progress import doing
from guide.machine.waiting import wait_until

EXAMPLE = "pattern-b-multi-stage"
VIEWS = "invoices/views.py"
KEY = '"customer": '
MOUNTED = "compose.mounted.yaml"
# The environment is in /opt/venv, which this mount does not hide.
MOUNT = 'services: {web: {volumes: [".:/app"]}}\n'
TIME_LIMIT = 300
INTERVAL = 0.05
REBUILD = ("docker", "compose", "up", "--build", "--detach", "web")


def record_dev_loop(engine: Engine, rounds: int) -> DevLoopContent:
    """Return the seconds of each kind of turn of the loop, with an example whose server reloads."""
    with project_copy(engine, find_example(EXAMPLE)) as project:
        project.follow_readme()
        loop = _Loop(project, (project.folder / VIEWS).read_text())
        with _watching(project):
            turns = [
                _timed("watch", rounds, loop.edit_a_view),
                _timed("lockfile", rounds, loop.edit_the_lockfile),
            ]
        turns.append(_timed("rebuild", rounds, lambda: loop.edit_a_view(*REBUILD)))
        (project.folder / MOUNTED).write_text(MOUNT)
        project.compose_files.append(MOUNTED)
        project.run_quietly("docker", "compose", "up", "--detach", "web")
        loop.wait_for(loop.key)
        turns.append(_timed("mount", rounds, loop.edit_a_view))
    return {"example": EXAMPLE, "turns": turns}


@contextmanager
def _watching(project: ProjectCopy) -> Iterator[None]:
    with project.background("docker", "compose", "watch", "--no-up"):
        # Edits before this line is printed are not noticed.
        wait_until(
            lambda: "Watch enabled" in "".join(project.background_output),
            timeout=TIME_LIMIT,
            failing="docker compose watch did not start",
        )
        yield


@dataclass
class _Loop:
    """Edits of a running service. Each edit of the view renames a key of its response to `key`."""

    project: ProjectCopy
    original: str
    key: str = KEY.strip(': "')
    numbers: Iterator[int] = field(default_factory=count)

    def edit_a_view(self, *command: str) -> None:
        """Save a change of the view, run a command, if any, and wait for the new response."""
        self.key = f"customer-{next(self.numbers)}"
        changed = self.original.replace(KEY, f'"{self.key}": ')
        (self.project.folder / VIEWS).write_text(changed)
        if command:
            self.project.run_quietly(*command)
        self.wait_for(self.key)

    def edit_the_lockfile(self) -> None:
        """Save a change of uv.lock, and wait for the response of a new container."""
        container = self.project.container()
        with (self.project.folder / "uv.lock").open("a") as lock:
            lock.write(f"# {next(self.numbers)}\n")
        wait_until(
            lambda: self.project.container() not in {"", container},
            timeout=TIME_LIMIT,
            failing="docker compose watch did not replace the container",
            interval=INTERVAL,
        )
        self.wait_for(self.key)

    def wait_for(self, key: str) -> None:
        """Wait for a response with this key."""
        wait_until(
            lambda: f'"{key}"' in self._response(),
            timeout=TIME_LIMIT,
            failing="The edited view did not answer",
            interval=INTERVAL,
            # The server restarts, or stopped before it had sent the whole response.
            ignoring=(OSError, HTTPException),
        )

    def _response(self) -> str:
        url = f"{self.project.url}/invoices/demo.json"
        with urllib.request.urlopen(url, timeout=5) as answer:
            text: str = answer.read().decode()
        return text


def _timed(name: str, rounds: int, turn: Callable[[], object]) -> RecordedTurn:
    """Return the seconds of a turn: the median and every round, after a round that is not timed."""
    seconds = []
    for number in range(rounds + 1):
        with doing("dev loop", f"{name}: round {number} of {rounds}"):
            start = time.monotonic()
            turn()
        seconds.append(round(time.monotonic() - start, 2))
    return {"name": name, "seconds": median(seconds[1:]), "every_round": seconds[1:]}
