"""What commands install is what the page says."""

from guide import installed_sets, recordings
from guide.catalogue import example


def test_commands_install_what_was_recorded(engine):
    recorded = recordings.read(f"sets/{installed_sets.EXAMPLE}")
    *typed, expected = installed_sets.sample(recorded)
    _, seen = installed_sets.observe(engine, example(installed_sets.EXAMPLE), *typed)
    assert seen == expected
