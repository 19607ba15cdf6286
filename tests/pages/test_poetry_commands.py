"""The page of Poetry commands shows every recorded pair of commands."""

from guide.content import recordings


def test_every_recorded_pair_is_on_the_page(pages):
    rows = pages["/poetry-commands/"].select(".facts.map tbody tr")
    shown = [
        tuple(code.get_text() for code in row.select("td:nth-child(-n+2) > code")) for row in rows
    ]
    recorded = [(row["poetry"], row["uv"]) for row in recordings.command_map()["rows"]]
    assert sorted(shown) == sorted(recorded)
