"""Rules for the files that readers copy, whose violation no build would notice."""

import ast

import pytest
from pathspec import GitIgnoreSpec

from assertions import nonempty
from guide.content.dockerfile import Dockerfile
from guide.content.examples import every_example, examples
from guide.content.yaml_files import compose_services
from particulars import PARTICULARS

# Files of a laptop or a CI runner that no image may contain. They are in the root folder, where
# Docker and Git read patterns in the same way.
PRIVATE = (".git/HEAD", ".env", ".venv/bin/python")


def wrongly_included(dockerignore: str) -> list[str]:
    """Return the private files that a .dockerignore does not exclude."""
    ignored = GitIgnoreSpec.from_lines(dockerignore.splitlines())
    return [path for path in PRIVATE if not ignored.match_file(path)]


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_private_files_are_excluded_from_builds(example):
    wrong = wrongly_included((example.folder / ".dockerignore").read_text())
    assert not wrong, f"examples/{example.project}/.dockerignore does not exclude {wrong}."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**/.env*\n.venv\n", [".git/HEAD"]),
        (".git\n.venv\n", [".env"]),
        (".git\n.env*\n.venv\n", []),
        ("*\n!app\n", []),
    ],
)
def test_a_missing_entry_is_found(text, expected):
    assert wrongly_included(text) == expected


def can_download_python(dockerfile: Dockerfile) -> list[str]:
    """Return the stages that run uv, and in which uv may download a Python."""
    return [
        stage.name
        for stage in dockerfile.stages
        if stage.environment.get("UV_PYTHON_DOWNLOADS") != "never"
        # uv does not download a Python that is named by its path.
        and not stage.environment.get("UV_PYTHON", "").startswith("/")
        and any(
            command.call[:1] == ("uv",)
            for instruction in stage.instructions
            for command in instruction.commands
        )
    ]


@pytest.mark.parametrize("example", every_example(), ids=lambda each: each.name)
def test_uv_downloads_no_python(example):
    stages = can_download_python(example.parsed)
    name = f"examples/{example.project}/{example.dockerfile}"
    assert not stages, (
        f"{name} sets neither UV_PYTHON_DOWNLOADS=never nor a path in UV_PYTHON in {stages}."
    )


def test_a_stage_that_downloads_python_is_found():
    text = "FROM a AS b\nENV UV_PYTHON_DOWNLOADS=never\nFROM a AS c\nRUN uv sync\n"
    text += "FROM b\nRUN uv sync\nFROM a\nENV UV_PYTHON=/usr/bin/python3\nRUN uv sync\n"
    assert can_download_python(Dockerfile.parse(text)) == ["c"]


def web_services(services):
    """Return the names of the services with a port, except the servers that builds need."""
    return nonempty(
        name
        for name, each in services.items()
        if "ports" in each and name not in {"git", "packages"}
    )


def wrong_conditions(services):
    """Yield each dependency that does not wait until the other service is ready."""
    for name, service in services.items():
        for other, dependency in service.get("depends_on", {}).items():
            is_server = "image" in services[other]
            ready = "service_healthy" if is_server else "service_completed_successfully"
            if dependency["condition"] != ready:
                yield f"{name} must wait for {other} with {ready}"


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_services_wait_until_others_are_ready(example):
    services = compose_services(example.folder / "compose.yaml")
    name = f"examples/{example.project}/compose.yaml"
    for wrong in wrong_conditions(services):
        pytest.fail(f"{name}: {wrong}.")
    for web in web_services(services):
        assert "depends_on" in services[web], f"{name}: {web} must wait for the migration."


@pytest.mark.parametrize("condition", ["service_started", "service_completed_successfully"])
def test_a_service_that_does_not_wait_is_found(condition):
    services = {"db": {"image": "a"}, "web": {"depends_on": {"db": {"condition": condition}}}}
    assert [*wrong_conditions(services)] == ["web must wait for db with service_healthy"]


def published_ports(services):
    """Return the ports of each service that other machines can reach."""
    ports = [(name, port) for name, each in services.items() for port in each.get("ports", [])]
    return [(name, port) for name, port in ports if not str(port).startswith("127.0.0.1:")]


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_the_service_is_published_on_this_machine_only(example):
    """Builds reach the private Git server through the host, so its port is open."""
    services = compose_services(example.folder / "compose.yaml")
    assert web_services(services)
    for name, port in published_ports(services):
        assert name in {"git", "packages"}, (
            f"examples/{example.project}/compose.yaml: {name} must publish {port} on 127.0.0.1."
        )


def test_a_port_for_every_machine_is_found():
    services = {"web": {"ports": ["${PORT}:8000"]}, "db": {"ports": ["127.0.0.1:5432:5432"]}}
    assert published_ports(services) == [("web", "${PORT}:8000")]


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_no_test_of_an_example_is_missing(example):
    """Nothing else would notice a test that is taken out."""
    tests = [
        (path, node.name)
        for path in nonempty(example.folder.rglob("tests/test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    expected = PARTICULARS[example.project].own_tests
    assert len({*tests}) == len(tests) == expected, (
        f"examples/{example.project} has {len({*tests})} tests, and own_tests in "
        f"particulars.py is {expected}. Restore the missing test, or correct the number."
    )
