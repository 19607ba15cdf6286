"""The script of the lock-stage example notices each kind of change to a kept venv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guide.content.examples import example
from guide.start.environment import find_uv

SCRIPT = example("lock-stage").folder / "check_venv.py"
# asgiref is pure Python. markupsafe also has a compiled module.
LOCKFILE = "asgiref==3.9.1 \\\n    --hash=x\nmarkupsafe==3.0.2\ncolorama==0.4.6 ; os_name == 'nt'\n"
LOCKED = ("asgiref==3.9.1", "markupsafe==3.0.2")
BYTECODE = f"__pycache__/sync.{sys.implementation.cache_tag}.pyc"


def uv(*arguments):
    subprocess.run([find_uv(), "--quiet", *arguments], check=True, timeout=100)


def check(kept, new, lockfile=LOCKFILE, *options):
    """Run the script, and return its error message, or an empty text."""
    requirements = new.parent / "requirements.txt"
    requirements.write_text(lockfile)
    command = [sys.executable, "-I", SCRIPT, *options, kept, new, requirements]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == bool(done.stderr), done.stderr
    return done.stderr


def site(venv):
    return next(venv.glob("lib/python*/site-packages"))


def bytecode(venv):
    return sorted(path.relative_to(venv) for path in venv.rglob("*.pyc"))


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """An empty venv, and beside it `kept`, which was checked and compiled once."""
    folder = tmp_path_factory.mktemp("venvs")
    for name in ("new", "kept"):
        uv("venv", "--relocatable", "--python", sys.executable, folder / name)
    uv("pip", "install", "--python", folder / "kept", *LOCKED)
    assert check(folder / "kept", folder / "new", LOCKFILE, "--compile") == ""
    return folder / "new"


@pytest.fixture
def kept(new, tmp_path):
    """A copy of the kept venv, in which a test may change everything."""
    return Path(shutil.copytree(new.with_name("kept"), tmp_path / "kept", symlinks=True))


def test_it_accepts_what_uv_has_installed(kept, new):
    assert check(kept, new) == ""
    modules = list(site(kept).rglob("*.py"))
    assert len(bytecode(kept)) == len(modules) > 10


def test_a_second_check_compiles_nothing_again(kept, new):
    before = {path: os.stat(kept / path).st_mtime_ns for path in bytecode(kept)}
    assert check(kept, new, LOCKFILE, "--compile") == ""
    assert {path: os.stat(kept / path).st_mtime_ns for path in bytecode(kept)} == before


def append(path):
    with path.open("ab") as file:
        file.write(b"x")


def replace_by_link(path):
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target.name)


CHANGES = {
    "changed: lib/": lambda site: append(site / "asgiref/sync.py"),
    f"changed: .*{BYTECODE}": lambda site: append(site / "asgiref" / BYTECODE),
    "in no package: .*old.pth": lambda site: (site / "old.pth").touch(),
    "in no package: .*sync.pyc": lambda site: (site / "asgiref/sync.pyc").touch(),
    "in no package: bin/activate": lambda site: append(site.parents[2] / "bin/activate"),
    "in no package: pyvenv.cfg": lambda site: append(site.parents[2] / "pyvenv.cfg"),
    "in no package: .*linked": lambda site: (site / "linked").symlink_to("asgiref"),
    "changed: .*local.py": lambda site: replace_by_link(site / "asgiref/local.py"),
    "missing: .*server.py": lambda site: (site / "asgiref/server.py").unlink(),
    f"missing: .*{BYTECODE}": lambda site: (site / "asgiref" / BYTECODE).unlink(),
}


@pytest.mark.parametrize("message", CHANGES)
def test_a_changed_venv_is_refused(kept, new, message):
    CHANGES[message](site(kept))
    with pytest.raises(AssertionError, match=message):
        assert check(kept, new) == ""


def test_a_wrong_version_is_refused(kept, new):
    uv("pip", "install", "--python", kept, "asgiref==3.8.1")
    output = check(kept, new)
    assert "not in the lockfile: asgiref==3.8.1" in output
    assert "not installed: asgiref==3.9.1" in output


def test_another_package_is_refused(kept, new):
    assert "not in the lockfile: markupsafe" in check(
        kept, new, LOCKFILE.replace("markupsafe", "x")
    )


def test_bytecode_that_no_check_has_listed_is_compiled_again(kept, new):
    """An interrupted build leaves such bytecode. The script never uses it."""
    planted = site(kept) / "asgiref" / BYTECODE
    record = next(site(kept).glob("asgiref-*/RECORD"))
    lines = record.read_text().splitlines(keepends=True)
    record.write_text("".join(line for line in lines if BYTECODE not in line))
    planted.write_bytes(b"planted")
    (planted.with_name("gone.pyc")).touch()
    assert check(kept, new, LOCKFILE, "--compile") == ""
    assert planted.read_bytes() != b"planted"
    assert not planted.with_name("gone.pyc").exists()
    assert BYTECODE in record.read_text()


def test_an_update_leaves_no_bytecode_of_the_old_version(kept, new):
    uv("pip", "install", "--python", kept, "asgiref==3.8.1")
    assert check(kept, new, LOCKFILE.replace("3.9.1", "3.8.1"), "--compile") == ""
    assert len(bytecode(kept)) == len(list(site(kept).rglob("*.py")))
