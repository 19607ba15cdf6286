"""What each command installs is what the page says."""

from guide import installed_sets, recordings
from guide.catalogue import example


def test_each_command_installs_what_was_recorded(engine):
    recorded = recordings.read(f"sets/{installed_sets.EXAMPLE}")["sets"]
    assert installed_sets.measure(engine, example(installed_sets.EXAMPLE)) == recorded
