"""Every command in the text of an example's README works, not only those of its `sh` block.

The commands are run in the service of test_run.py. The tests of a file run after those of a file
whose name comes before in the alphabet, and these commands end by removing the service.
"""

from pathlib import Path

import pytest

from assertions import nonempty
from guide.content.examples import examples
from guide.engine.uv import build_uv_image, project_options
from readme_commands import ELSEWHERE, SERVER_RUNS, commands_in_text, is_run_elsewhere

# Django asks for the name, the address and the password otherwise.
ACCOUNT = " ".join(
    f"--env DJANGO_SUPERUSER_{name}"
    for name in ("USERNAME=staff", "EMAIL=staff@example.com", "PASSWORD=a-long-password-1")
)


def adapted(command: str) -> str:
    """Return a command that asks no questions and ends by itself."""
    if command.endswith("createsuperuser"):
        return f"{command.replace('exec', f'exec --no-TTY {ACCOUNT}', 1)} --noinput"
    if command.endswith("runserver"):
        return f"timeout {SERVER_RUNS} {command} --noreload; test $? = 124"
    return command


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_every_command_can_be_run(example):
    for command in nonempty(commands_in_text(example)):
        is_known = command.startswith(("docker compose ", "uv run ", "export "))
        assert is_run_elsewhere(command) or is_known, (
            f"examples/{example.project}/README.md: no test runs {command!r}."
        )


def test_tests_that_run_commands_exist():
    folder = Path(__file__).parent
    for test in ELSEWHERE.values():
        file, _, name = test.partition("::")
        assert f"def {name}" in (folder / file).read_text()


def test_adapted_commands():
    account = adapted("docker compose exec web manage.py createsuperuser")
    assert account.endswith(" web manage.py createsuperuser --noinput")
    assert adapted("uv run manage.py runserver").startswith("timeout 5 uv run manage.py runserver")
    assert adapted("docker compose down") == "docker compose down"


def test_the_commands_work(engine, example, service):
    commands = [each for each in commands_in_text(example) if not is_run_elsewhere(each)]
    # Another test may have stopped the service.
    service.run_quietly("docker", "compose", "up", "--wait")
    for command in commands:
        if command.startswith("docker "):
            service.run(adapted(command))
    labels = f"label=com.docker.compose.project={service.name}"
    assert engine.docker("volume", "ls", "--quiet", "--filter", labels).stdout == ""
    on_laptop = [adapted(each) for each in commands if not each.startswith("docker ")]
    if on_laptop:
        options = (*project_options(service.folder), "--env=HOME=/tmp")
        script = " && ".join(f"{{ {each}; }}" for each in on_laptop)
        engine.run(build_uv_image(engine, example), "sh", "-c", script, options=options)
