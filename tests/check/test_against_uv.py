"""The install predictor gives the packages that uv itself would install."""

import json
import os
import platform
import sys

import pytest
from packaging.requirements import Requirement

from guide.machine import commands
from guide.machine.uv_releases import installed_uv
from locked_projects import CONFLICTS, ROOTLESS, SERVICE, WORKSPACE
from predictor import predict

LINES = {
    "service": (
        SERVICE,
        [
            "uv sync --frozen",
            "uv sync --frozen --no-dev --extra pdf,s3",
            "uv sync --frozen --only-dev",
            "uv sync --frozen --group dev --no-group test --no-install-project",
            "uv sync --frozen --all-extras --no-extra s3 --python-platform windows",
            "uv sync --frozen --extra pdf --python-platform aarch64-unknown-linux-gnu",
            "uv sync --frozen --python-platform macos",
            "uv sync --frozen --python-platform x86_64-apple-darwin",
            "uv sync --frozen --all-groups --no-install-package packaging",
            "uv sync --frozen --only-install-local",
            "UV_NO_DEFAULT_GROUPS=1 uv sync --frozen --group prod",
            "UV_NO_GROUP='test dev' uv sync --frozen --all-groups",
            "UV_NO_GROUP=lint uv sync --frozen",
            "UV_NO_DEV=0 UV_NO_INSTALL_PROJECT=true uv sync --frozen --dev",
            "UV_LOCKED=1 uv sync --frozen",
            "UV_LOCKED=1 UV_FROZEN=1 uv sync",
            "UV_LOCKED=1 UV_FROZEN=1 uv sync --no-locked",
            "UV_NO_DEV= uv sync --frozen",
            "UV_NO_DEFAULT_GROUPS=prod uv sync --frozen",
            "uv export --frozen --no-dev --extra pdf",
            "UV_NO_INSTALL_PROJECT=1 uv export --frozen --only-dev",
            "uv sync --frozen --group nope",
            "uv sync --frozen --extra nope",
        ],
    ),
    "workspace": (
        WORKSPACE,
        [
            "uv sync --frozen",
            "uv sync --frozen --no-dev --no-install-workspace",
            "uv sync --frozen --package core",
            "uv sync --frozen --package web",
            "uv sync --frozen --package web --group prod --group dev",
            "uv sync --frozen --package core --package web --no-install-project",
            "uv sync --frozen --all-packages --only-group lint --only-group test",
            "UV_PROJECT=packages/core uv sync --frozen --extra cache",
            "uv sync --frozen --directory packages/web --only-install-workspace",
            "uv export --frozen --package web --no-emit-project",
            "uv export --frozen --all-packages --no-install-workspace --group test",
        ],
    ),
    "rootless": (
        ROOTLESS,
        [
            "uv sync --frozen",
            "uv sync --frozen --only-group test",
            "uv sync --frozen --package core --group dev",
        ],
    ),
    "conflicts": (
        CONFLICTS,
        [
            "uv sync --frozen --no-dev --extra cpu",
            "uv sync --frozen --extra cpu --no-default-groups",
            "uv sync --frozen",
            "uv sync --frozen --all-extras",
        ],
    ),
}
CASES = [(name, line) for name, (_, lines) in LINES.items() for line in lines]
PYTHON = f"--python {sys.executable}"
DRY_RUN = f"sync --dry-run --output-format json --preview-features json-output {PYTHON}"
EXPORT = f"export --quiet --no-hashes --no-annotate --no-header {PYTHON}"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return the folders of the projects by name."""
    found = {}
    for name, (files, _) in LINES.items():
        found[name] = tmp_path_factory.mktemp(name)
        for path, text in files.items():
            file = found[name] / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    return found


@pytest.fixture(scope="module")
def predicted():
    """Return the last predicted outcome of each case."""
    settings = {
        "python": platform.python_version(),
        "platform": f"{platform.system().lower()}/{platform.machine()}",
    }
    return {
        (name, line): outcomes[-1]
        for name, (files, lines) in LINES.items()
        for line, outcomes in zip(lines, predict(*lines, files=files, **settings), strict=True)
    }


def run_uv(folder, line):
    """Return what uv would install or export, as the predictor returns it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    environment["UV_NO_WRAP"] = "1"
    uv = f"{installed_uv()} --offline --no-python-downloads"
    script = line.replace("uv sync", f"{uv} {DRY_RUN}").replace("uv export", f"{uv} {EXPORT}")
    done = commands.run(
        *("sh", "-c", script), cwd=folder, env=environment, check=False, failing="uv failed"
    )
    if done.returncode:
        [error] = [each for each in done.stderr.splitlines() if each.startswith("error: ")]
        return error.removeprefix("error: ")
    if "uv export" in line:
        return sorted(filter(None, map(exported, done.stdout.splitlines())))
    changes = json.loads(done.stdout)["sync"]["changes"]
    return sorted((each["name"], each.get("version") or "0.1") for each in changes)


def exported(line):
    """Return the package in a line of an export, or None if this Python does not need it."""
    text = line.removeprefix("-e ")
    if text.startswith("."):
        return (text.removeprefix("./packages/").replace(".", "shop"), "0.1")
    requirement = Requirement(text)
    if requirement.marker and not requirement.marker.evaluate():
        return None
    return (requirement.name, str(requirement.specifier).removeprefix("=="))


@pytest.mark.parametrize(("name", "line"), CASES, ids=[f"{name}: {line}" for name, line in CASES])
def test_uv_would_install_what_is_predicted(folders, predicted, name, line):
    outcome = predicted[name, line]
    packages = outcome.get("exported", outcome.get("packages", []))
    got = outcome.get("refused") or [(each["name"], each["version"]) for each in packages]
    assert got == run_uv(folders[name], line)


def test_some_cases_install_packages_and_some_are_refused(predicted):
    assert {"refused" in outcome for outcome in predicted.values()} == {True, False}
