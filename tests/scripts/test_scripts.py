"""The scripts on machines that lack something, and when they are interrupted."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guide import ROOT, Problem, debian, engine, start
from guide.catalogue import examples

SCRIPTS = ["serve", "test", "record"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_from_any_folder_without_any_setting_up(name, tmp_path):
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / name, "--help"],
        cwd=tmp_path,
        env=bare,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: scripts/{name}")
    assert list(tmp_path.iterdir()) == []


def test_ci_runs_what_the_readme_calls_the_test_command():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].endswith('/../scripts/test"')
    assert "scripts/test" in (ROOT / "README.md").read_text()


def test_without_uv_it_is_installed_into_the_cache(tmp_path):
    """With a Python that has pip, as on a bare Debian machine."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); "
        "from guide import start; print(start.find_uv())"
    )
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    kept = {name: os.environ[name] for name in ("SSL_CERT_FILE", "PIP_CERT") if name in os.environ}
    python = f"{sys.base_prefix}/bin/python3"
    done = subprocess.run(
        [python, "-c", code], env={**environ, **kept}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    uv = Path(done.stdout.strip())
    assert uv == tmp_path / "django-images-with-uv" / f"uv-{start.UV_VERSION}" / "bin" / "uv"
    version = subprocess.run([uv, "--version"], capture_output=True, text=True).stdout
    assert version.split()[1] == start.UV_VERSION


def test_one_version_of_uv_is_pinned_everywhere():
    publish = (ROOT / ".github/workflows/publish.yml").read_text()
    pinned = re.findall(r"(?m)^ +version: (\S+)$", publish)
    assert {*pinned, *(each.uv_version for each in examples())} == {start.UV_VERSION}


def test_no_engine_and_none_possible_is_one_clear_line(monkeypatch, tmp_path):
    monkeypatch.setattr(debian, "is_possible", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="Install and start Docker") as caught, engine.opened():
        pass
    assert "\n" not in str(caught.value)


def test_a_nearly_full_disk_is_one_clear_line(monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "DISK_NEEDED_GB", 10**9)
    with pytest.raises(Problem, match="The disk is nearly full"):
        engine.check_disk(tmp_path)


def test_serve_says_so_when_the_port_is_taken(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [ROOT / "scripts/serve", "--port", port], capture_output=True, text=True, cwd=tmp_path
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"serve: Port {port} is in use. Give another with --port, or leave it out.\n"
    )


def test_serve_shows_the_site_and_leaves_nothing_behind():
    import urllib.request

    server = subprocess.Popen([ROOT / "scripts/serve"], stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        give_up = time.monotonic() + 60
        while True:
            try:
                text = urllib.request.urlopen(address, timeout=5).read().decode()
                break
            except OSError:
                assert time.monotonic() < give_up, "it never answered"
                time.sleep(0.2)
        assert "Django images with uv" in text
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=5)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(engine, tmp_path, how):
    """A run of its own, with an engine of its own where this one is private."""
    environ = dict(os.environ)
    if engine.private:
        mine = start.cache_dir() / "engine" / "docker"
        theirs = tmp_path / "django-images-with-uv" / "engine" / "docker"
        theirs.parent.mkdir(parents=True)
        theirs.symlink_to(mine)
        environ |= {"XDG_CACHE_HOME": str(tmp_path)}
        environ.pop("DOCKER_HOST", None)
    folder = tmp_path / "temporary"
    folder.mkdir()
    code = """
import sys, time
from guide import start
def main():
    start.in_environment()
    from guide import engine
    with engine.opened() as mine:
        mine.docker("volume", "create", "--label", engine.LABEL, engine.PREFIX)
        print(engine.PREFIX, flush=True)
        time.sleep(60)
start.run(main)
"""
    program = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    prefix = program.stdout.readline().strip()
    assert prefix.startswith("guide-run-"), program.stderr.read()
    program.send_signal(how)
    program.communicate(timeout=60)
    assert program.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[how]
    assert list(folder.iterdir()) == []
    assert prefix not in engine.docker("volume", "ls", "--quiet").stdout
    processes = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(str(folder).encode() in each for each in processes)
