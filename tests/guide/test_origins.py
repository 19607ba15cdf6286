"""A recording says where it comes from, and pages show that."""

import json
import platform
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from guide.content import recordings
from guide.engine.docker import Engine
from guide.machine.git import git
from guide.pages import origins
from guide.record import recording

OLD = {
    "date": "2026-11-28",
    "versions": {"docker": "29.1"},
    "machine": {"cores": 2, "memory": 8, "system": "Debian", "architecture": "x86_64"},
    "base_images": "stand-ins",
}
NEW = {
    **OLD,
    "date": "2026-11-30",
    "commit": f"{'ab' * 20}-dirty",
    "machine": {**OLD["machine"], "cpu": "EPYC", "kernel": "6.1.0"},
    "images": {"python:3.14": f"sha256:{'cd' * 32}"},
}


class FakeEngine(Engine):
    """An engine that has one official image and one stand-in."""

    def docker(self, *arguments: str, **_options: object) -> subprocess.CompletedProcess[str]:
        output: object = {}
        if arguments[0] == "info":
            facts = {"NCPU": 2, "MemTotal": 2**33, "OperatingSystem": "Debian"}
            output = facts | {"Architecture": "x86_64", "KernelVersion": platform.release()}
        elif arguments[-1] in {"python:3", "postgres:1"}:
            output = [{"Id": "sha256:1d", "RepoDigests": [f"{arguments[-1]}@sha256:d1"]}]
        else:
            return subprocess.CompletedProcess(arguments, 1, "", "no such image")
        return subprocess.CompletedProcess(arguments, 0, json.dumps(output), "")

    @property
    def versions(self) -> dict[str, str]:  # type: ignore[override]
        return {"docker": "29.1"}


def test_a_recording_names_its_commit_machine_kernel_and_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording, "processor", lambda: "EPYC")
    engine = FakeEngine({}, True, stand_ins=["postgres:1"], images=["python:3", "postgres:1", "x"])
    origin = recording.make_provenance(engine, uv="0.13.9")
    assert origin["images"] == {"python:3": "sha256:d1", "postgres:1": "sha256:1d"}
    assert origin["machine"]["kernel"] == platform.release()
    assert origin["machine"]["cpu"] == "EPYC"
    assert origin["versions"] == {"uv": "0.13.9", "docker": "29.1"}
    assert recording.make_provenance(engine, ["python:3"])["images"] == {"python:3": "sha256:d1"}
    assert {*recording.make_provenance(None)} == {"date", "commit", "versions"}


def test_the_processor_of_a_virtual_machine_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "platform", SimpleNamespace(release=lambda: "another"))
    assert "cpu" not in recording.make_provenance(FakeEngine({}, True))["machine"]


def test_a_commit_is_dirty_if_files_other_than_recordings_differ(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a").write_text("a")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Start")
    head = git(tmp_path, "rev-parse", "HEAD").strip()
    data = tmp_path / "docs/data"
    data.mkdir(parents=True)
    (data / "runs.json").write_text("{}")
    assert recording.commit_of.__wrapped__(tmp_path) == head
    (tmp_path / "a").write_text("b")
    assert recording.commit_of.__wrapped__(tmp_path) == f"{head}-dirty"


def test_the_list_says_what_older_recordings_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {"runs/a": OLD, "layers/a": OLD, "claims/b": NEW, "renovate": {"date": "2026-11-30"}}
    monkeypatch.setattr(recordings, "every_name", lambda: [*every])
    monkeypatch.setattr(recordings, "provenance", every.__getitem__)
    new, old = origins.provenance_list().split("<li>")[1:]
    assert "1 tested statement<" in new
    assert "abababa</code> with changes" in new
    images = "substitute base images (python:3.14 cdcdcdcdcdcd)"
    for text in ("processor EPYC", "2 cores", "kernel 6.1.0", images):
        assert text in new
    assert ">runs/a</a>" in old
    assert old.count("not recorded") == 4


def write(folder: Path, name: str, content: dict[str, object]) -> None:
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def test_recordings_of_a_hosted_runner_stand_beside_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recordings, "DATA", tmp_path)
    assert "not made" in origins.hosted_comparison()
    for prefix, size, seconds in (("", 200e6, 1.5), ("hosted/", 150e6, 3.0)):
        origin = {**NEW, "base_images": "pulled" if prefix else "stand-ins"}
        build = {"name": "view", "seconds": seconds}
        example = "lock-stage"
        write(tmp_path, f"{prefix}runs/{example}", {"recorded": origin, "image_size": size})
        write(tmp_path, f"{prefix}layers/{example}", {"recorded": origin, "builds": [build]})
    shown = origins.hosted_comparison()
    ours = 'href="/data/runs/lock-stage.json">200'
    hosted = 'href="/data/hosted/runs/lock-stage.json">150'
    assert shown.index(ours) < shown.index(hosted)
    assert "MB</a>, substitute base images" in shown
    assert "MB</a>, official base images" in shown
    assert "1.5" in shown
    assert "hosted/layers/lock-stage.json" in shown
    assert [*recordings.every_name()] == ["layers/lock-stage", "runs/lock-stage"]
