"""For every edit, the set of cached steps equals the recording that the pages show."""

from guide import layers, recordings


def recorded(example):
    return layers.recorded(recordings.read(f"layers/{example.name}"))


def test_every_edit_rebuilds_what_was_recorded(engine, example):
    measured = layers.measure(engine, example)
    assert {name: layers.stable(run) for name, run in measured.items()} == recorded(example)
