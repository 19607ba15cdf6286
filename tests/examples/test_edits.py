"""For every edit, the set of cached steps equals the recording that the pages show."""

from guide import layers, recordings
from guide.edits import Edit


def recorded(example):
    return layers.recorded(recordings.read(f"layers/{example.name}"))


def test_every_edit_rebuilds_what_was_recorded(engine, example):
    measured = layers.measure(engine, example)
    assert {name: layers.stable(run) for name, run in measured.items()} == recorded(example)


def test_linter_settings_in_a_file_of_their_own_install_nothing(engine, example):
    def move(folder, _uv):
        pyproject = folder / "pyproject.toml"
        project, settings = pyproject.read_text().split("\n[tool.ruff]\n")
        pyproject.write_text(project)
        (folder / "ruff.toml").write_text(settings.replace("[tool.ruff.", "["))

    def move_and_edit(folder, uv):
        move(folder, uv)
        path = folder / "ruff.toml"
        path.write_text(path.read_text().replace("line-length = 88", "line-length = 100"))

    with layers.bench(engine, example) as bench:
        bench.build(Edit("moved", "Move the linter's settings to ruff.toml", move))
        run = bench.build(Edit("edited", "Change one of them", move_and_edit))
    assert "COPY . ." in run.ran
    assert not any("uv sync" in step for step in run.ran)
