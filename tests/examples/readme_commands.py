"""The commands in the text of an example's README, and which tests run them."""

import re

from guide.content.examples import Example

# The commands that other tests run, and those tests.
ELSEWHERE = {
    r"docker compose watch": "test_watch.py::test_an_edited_view_is_live",
    r".* makemigrations": "test_watch.py::test_new_migrations_as_the_readme_makes_them",
    r".*\bpytest|docker compose run --rm --build test": "test_run.py::test_own_tests_pass",
    r"docker compose -f compose.yaml -f compose.prod.yaml .*": "conftest.py::production",
    r"docker compose .*compose.dev.yaml (up|run) .*": "test_run.py::development_server",
    r"docker build --file kept-venv.Dockerfile .": "test_run.py::test_a_second_dockerfile_of_the",
    r"docker build --file services/status/Dockerfile .": "conftest.py::edit_builds",
    r"uv (add --package .*|sync --all-packages|run ruff .*)": "test_workspace.py::test_commands",
    r"uv lock": "test_image.py::test_lock_matches_pyproject",
    r"poetry (lock|install --all-extras)": "test_migration.py::test_",
}
# Seconds for which Django's development server must run without an error.
SERVER_RUNS = 5


def commands_in_text(example: Example) -> list[str]:
    """Return the commands in the README's text, in order."""
    text = (example.folder / "README.md").read_text()
    return re.findall(r"`((?:docker|uv|poetry|export) [^`]+)`", text)


def is_run_elsewhere(command: str) -> bool:
    """Return whether another test than that of a README runs a command."""
    return any(re.fullmatch(pattern, command) for pattern in ELSEWHERE)
