"""The scripts report missing requirements in one line, and leave nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from assertions import nonempty
from guide import ROOT, Problem
from guide.content import yaml_files
from guide.content.contenders import DOCKERFILES
from guide.content.examples import examples
from guide.engine import filesystem
from guide.engine.filesystem import file_system
from guide.engine.running import running_engine
from guide.machine import debian
from guide.machine.waiting import wait_until
from guide.start import environment as start

SCRIPTS = ["serve", "test", "record", "bench", "check", "kit", "mutate", "refresh", "clean"]


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
    """Installing uv requires a Python with pip, as on a bare Debian machine."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); "
        "from guide.start import environment; print(environment.find_uv())"
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


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (
            "ERROR: Could not install packages\n\n[notice] To update, run: pip install -U pip\n",
            "ERROR: Could not install packages",
        ),
        ("/usr/bin/python3: No module named pip\n", "/usr/bin/python3: No module named pip"),
        ("", "pip failed"),
    ],
)
def test_the_error_of_pip_is_reported_instead_of_a_hint_after_it(output, line):
    assert start.pip_error(output) == line


def test_a_pip_that_hangs_is_stopped(tmp_path, monkeypatch):
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\nexec sleep 300\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(start, "TIME_LIMIT", 0.2)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("GUIDE_UV", raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(Problem, match="did not finish within"):
        start.find_uv()
    assert list((tmp_path / "django-images-with-uv").iterdir()) == []


def test_one_version_of_uv_is_pinned_everywhere():
    files = [each.folder / path for each in examples() for path in each.files]
    files += DOCKERFILES.glob("*")
    pinned = [
        (file, version)
        for file in files
        for version in re.findall(r"(?:/uv:| version: )(\d+\.\d[\d.]*\d)", file.read_text())
    ]
    for file, version in nonempty(pinned):
        assert version == start.UV_VERSION, f"{file.relative_to(ROOT)}: uv {version}"


def test_the_site_is_published_with_the_pinned_uv(tmp_path):
    steps = yaml_files.workflow(ROOT / ".github/workflows/publish.yml")["jobs"]["build"]["steps"]
    [script] = [step["run"] for step in steps if step.get("id") == "uv"]
    output = tmp_path / "output"
    subprocess.run(["sh", "-ec", script], cwd=ROOT, env={"GITHUB_OUTPUT": output}, check=True)
    assert output.read_text() == f"version={start.UV_VERSION}\n"
    [version] = [step["with"]["version"] for step in steps if "setup-uv" in step.get("uses", "")]
    assert version == "${{ steps.uv.outputs.version }}"


def test_a_missing_engine_is_reported_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(debian, "is_possible", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="Install and start Docker") as caught, running_engine():
        pass
    assert "\n" not in str(caught.value)


def test_a_nearly_full_disk_is_reported_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(filesystem, "DISK_NEEDED_GB", 10**9)
    with pytest.raises(Problem, match="The disk is nearly full"):
        filesystem.check_disk(tmp_path)


@pytest.mark.usefixtures("engine")
def test_layers_survive_a_kill_and_a_broken_file_system_is_replaced(tmp_path):
    """If nothing can be mounted, the layers are in the folder itself."""
    (tmp_path / "layers.ext4").write_bytes(b"not a file system")
    killed = file_system(tmp_path, tmp_path / "killed")
    (killed.__enter__() / "kept").touch()
    with file_system(tmp_path, tmp_path / "next") as layers:
        assert layers.is_mount() or not debian.is_possible()
        assert (layers / "kept").exists()
        assert not (tmp_path / "killed").is_mount()
    assert not layers.is_mount()


@pytest.mark.parametrize(
    "arguments", [("record", "layers", "--rounds", "0"), ("bench", "--rounds", "2")]
)
def test_the_number_of_rounds_must_be_odd(arguments):
    script, *others = arguments
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, *others], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "--rounds must be an odd number" in done.stderr


def test_a_refusal_by_the_registry_is_an_error(engine, monkeypatch):
    """A stand-in is built only if no registry answers. A tag that does not exist is an error."""
    no = subprocess.CompletedProcess([], 1, "", "manifest unknown")
    monkeypatch.setattr(engine, "docker", lambda *_arguments, **_options: no, raising=False)
    with pytest.raises(Problem, match=r"python:0-slim could not be pulled: manifest unknown"):
        engine.need_images(["python:0-slim"])


def test_serve_reports_a_port_in_use(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [ROOT / "scripts/serve", "--port", port], capture_output=True, text=True, cwd=tmp_path
        )
    assert done.returncode == 1
    assert done.stderr == (f"serve: Port {port} is in use. Pass a different --port, or omit it.\n")


def read(address):
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.read().decode()


def read_patiently(address, server):
    """Return the response of a URL as soon as the server listens. Fail if the server exits."""

    def answer_or_exit_code():
        return server.poll() or read(address)

    failing = f"{address} did not answer"
    answer = wait_until(answer_or_exit_code, timeout=60, failing=failing, ignoring=OSError)
    assert server.poll() is None, f"the server exited with code {answer}"
    return answer


@pytest.mark.slow
def test_serve_shows_the_site_and_leaves_nothing_behind():
    with subprocess.Popen([ROOT / "scripts/serve"], stdout=subprocess.PIPE, text=True) as server:
        try:
            printed = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/", printed)
            assert address, printed
            assert "Django images with uv" in read_patiently(address[0], server)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    with pytest.raises(OSError, match="refused"):
        read(address[0])
