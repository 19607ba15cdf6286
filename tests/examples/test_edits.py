"""For every edit, the set of cached steps equals the recording that the pages show."""

import pytest

from guide import layers, recordings


def recorded(example):
    return layers.recorded(recordings.read(f"layers/{example.name}"))


def test_every_edit_rebuilds_what_was_recorded(engine, example):
    measured = layers.measure(engine, example)
    assert {name: layers.stable(run) for name, run in measured.items()} == recorded(example)


def test_swapping_the_two_copies_is_noticed(engine, example):
    text = (example.folder / "Dockerfile").read_text()
    first, last = "COPY pyproject.toml uv.lock ./", "COPY . ."
    swapped = text.replace(first, "SWAP").replace(last, first).replace("SWAP", last)
    view = next(edit for edit in layers.EDITS if edit.name == "view")
    with layers.bench(engine, example) as bench:
        bench.build(dockerfile=swapped)
        run = bench.build(view, dockerfile=swapped)
    with pytest.raises(AssertionError) as caught:
        assert layers.stable(run) == recorded(example)["view"]
    assert any(step.startswith("RUN uv sync") for step in run.ran)
    print(caught.value)
