"""Each Dockerfile passes the linters, and its image is suitable for production."""

import re

import pytest

from checks import check_packages
from guide.content import recordings
from guide.content.edits import copy
from guide.content.examples import patched_variants
from guide.engine.build import BuildFailed, build
from guide.engine.daemon import CACHE_LIMIT_GIB
from guide.engine.docker import PREFIX
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.commands import tool
from guide.record import traps
from particulars import PARTICULARS


@pytest.fixture(scope="session")
def python(engine, image):
    """The Python version in the image, such as 3.14."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return engine.run(image, "python", "-c", code).stdout.strip()


@pytest.fixture(scope="session")
def patched(builder, tmp_path_factory):
    """A copy of the example. uv has locked it again if the example is made by a patch."""
    folder = copy(builder.example, tmp_path_factory.mktemp("patched") / "project")
    if builder.example.patch:
        builder.uv(folder, ["lock"])
    return folder


def all_dockerfiles(example):
    return sorted(example.folder.rglob("*Dockerfile"))


def test_build_check_reports_nothing(engine, example):
    for path in all_dockerfiles(example):
        command = ("buildx", "build", "--check", "--file", str(path), str(example.folder))
        done = engine.docker(*command, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_reports_nothing(example):
    done = tool("hadolint", *all_dockerfiles(example))
    assert done.returncode == 0, done.stdout


def test_ruff_reports_nothing(example):
    for command in (["check"], ["format", "--check"]):
        done = tool("ruff", *command, "--no-cache", example.folder)
        assert done.returncode == 0, done.stdout


def test_lock_matches_pyproject(patched, builder):
    builder.uv(patched, ["lock", "--check"])


def test_only_production_packages(engine, uv_example, image, python, patched):
    check_packages(traps.packages(engine, image), uv_example, python, patched)


PATCHED = [pytest.param(each, id=each.name) for each in patched_variants()]


@pytest.mark.parametrize("uv_example", PATCHED, scope="session")
def test_linters_report_nothing_after_a_patch(engine, patched):
    assert tool("ruff", "check", "--no-cache", patched).returncode == 0
    assert tool("ruff", "format", "--check", "--no-cache", patched).returncode == 0
    assert tool("hadolint", patched / "Dockerfile").returncode == 0
    check = ("buildx", "build", "--check", str(patched))
    assert engine.docker(*check, check=False).returncode == 0


def test_packages_are_the_recorded_ones(engine, uv_example, image):
    recorded = recordings.run(uv_example.name)["packages"]
    assert traps.packages(engine, image) == recorded


def test_no_download_cache(engine, uv_example, image):
    code = PARTICULARS[uv_example.project].code
    output = engine.run(
        image,
        *("find", "/root", "/home", "/tmp", "/var/tmp", *code, "-name", "*cache*"),
        *("-not", "-name", "__pycache__", "-not", "-path", "*/site-packages/*"),
        options=("--user", "0"),
    )
    assert output.stdout == ""
    script = (
        "find /var/cache/venv /var/cache/apt/archives -type f -not -name lock 2>/dev/null || true"
    )
    assert engine.run(image, "sh", "-c", script, options=("--user", "0")).stdout == ""


def test_all_modules_are_compiled(engine, uv_example, image):
    """Scripts are not counted, because Python compiles a script each time it runs."""
    script = """
import importlib.util, pathlib, sys
modules = [path for folder in sys.argv[1:] for path in pathlib.Path(folder).rglob("*.py")
           if path.parent != pathlib.Path("/app") and path.parent.name != "bin"]
missing = [path for path in modules
           if not pathlib.Path(importlib.util.cache_from_source(path)).exists()]
print(len(modules), *missing[:5])
"""
    particulars = PARTICULARS[uv_example.project]
    code = particulars.code
    count, *missing = engine.run(image, "python", "-c", script, *code).stdout.split()
    assert int(count) > 500
    assert missing == []


def test_hardly_any_module_is_compiled_at_start(engine, uv_example, image):
    """Python prints where it read each module from. The standard library counts as well."""
    particulars = PARTICULARS[uv_example.project]
    environ = {"DJANGO_SECRET_KEY": "x" * 50, "PYTHONVERBOSE": "1", **particulars.environ}
    options = [f"--env={name}={value}" for name, value in environ.items()]
    output = engine.run(image, *particulars.manage, "check", options=("--read-only", *options))
    sources = re.findall(r"# code object from '?(/\S+\.(?:pyc|py))'?$", output.stderr, re.MULTILINE)
    compiled = [path for path in sources if not path.endswith(".pyc")]
    assert len(sources) > 500
    assert len(compiled) < len(sources) / 20, compiled


def test_build_tools_are_only_where_it_is_recorded(uv_example, engine, image):
    """Single-stage images contain uv, and multi-stage images contain no build tool."""
    recorded = recordings.run(uv_example.name)["build_tools"]
    for name in ("uv", "git", "gcc"):
        output = engine.run(image, "sh", "-c", f"command -v {name}", check=False).stdout
        assert bool(output) is (name in recorded), name
    several = {"pattern-b-multi-stage", "pattern-c-cache-mounts", "whole-service"}
    assert {*recorded} - {"pip"} == (set() if uv_example.project in several else {"uv"})


def test_headers_for_compiling_stay_behind(engine, image):
    script = "find /usr/include -name Python.h -o -name libpq-fe.h 2>/dev/null || true"
    assert engine.run(image, "sh", "-c", script).stdout == ""


def test_a_full_disk_is_reported(engine, tmp_path):
    (tmp_path / "Dockerfile").write_text(
        f"FROM {PYTHON_IMAGE}\n"
        "RUN --mount=type=tmpfs,target=/small,size=65536 "
        "python -c \"open('/small/file', 'wb').write(bytes(1_000_000))\"\n"
    )
    with pytest.raises(BuildFailed, match="the disk is full"):
        build(engine, tmp_path, f"{PREFIX}/full-disk")


def test_the_cache_has_a_size_limit(engine):
    inspect = engine.docker("buildx", "inspect", engine.builder).stdout
    if engine.private:
        limits = re.findall(r"Max Used Space:\s+([\d.]+)GiB", inspect)
        assert [float(limit) for limit in limits] == [CACHE_LIMIT_GIB]
    else:
        # An existing engine has its own limit, and older engines use other names for it.
        assert re.search(r"(Max Used Space|Reserved Space|Keep Bytes):\s+\d", inspect)
