"""Commands install the packages that the page shows."""

from guide.content import recordings, uv_options
from guide.content.examples import example
from guide.record import installed_sets


def test_commands_install_what_was_recorded(engine):
    recorded = recordings.sets(uv_options.EXAMPLE)
    *sample, expected = installed_sets.sample_sets(recorded)
    _, observed = installed_sets.observe_sets(engine, example(uv_options.EXAMPLE), *sample)
    assert observed == expected
