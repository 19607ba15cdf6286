"""How pages show the move from Poetry to uv: what was typed, what it changed, what was compared."""

import html
from itertools import groupby

from guide import Problem
from guide.content import recordings
from guide.content.contenders import AFTER, BEFORE
from guide.content.examples import example
from guide.pages import claim_pages
from guide.pages.registry import macro


@macro
def moved(part: str) -> str:
    """What was typed in one part of the move, with what it printed."""
    try:
        typed = recordings.migration()["parts"][part]
    except KeyError:
        raise Problem(f"The move has no part {part!r}.") from None
    entries = [
        {"command": each["text"], "output": each["output"], "exit_code": each["exit_code"]}
        for each in typed
    ]
    return claim_pages.block(claim_pages.session(entries))


@macro
def moved_file(name: str, folded: bool = False) -> str:
    """What the move changes in a file that both projects have."""
    before, after = (
        (example(project).folder / name).read_text().splitlines() for project in (BEFORE, AFTER)
    )
    shown = _difference(before, after, name)
    if not folded:
        return shown
    return f'<details class="note"><summary>{html.escape(name)}</summary>{shown}</details>'


@macro
def left_by_the_tool() -> str:
    """What is left to do by hand in pyproject.toml after the tool."""
    left = recordings.migration()["pyproject"]["converted"].splitlines()
    wanted = (example(AFTER).folder / "pyproject.toml").read_text().splitlines()
    return _difference(left, wanted, "pyproject.toml")


@macro
def moved_packages() -> int:
    """How many packages the lockfile names, without the project."""
    return recordings.migration()["packages"]


@macro
def package_changes() -> int:
    """How many packages have another version after the move."""
    return len(recordings.migration()["other_versions"])


@macro
def command_map() -> str:
    """Every line with Poetry beside the one with uv, and how they differ."""
    parts = []
    for group, rows in groupby(recordings.command_map()["rows"], lambda row: row["group"]):
        body = "".join(_row(row) for row in rows)
        parts.append(f'<tr><th colspan="3" scope="colgroup">{html.escape(group)}</th></tr>\n{body}')
    return (
        '<div class="scroll"><table class="facts map"><thead><tr><th scope="col">Poetry</th>'
        '<th scope="col">uv</th><th scope="col">Compared</th></tr></thead>'
        f"<tbody>{''.join(parts)}</tbody></table></div>"
    )


@macro
def command_count() -> int:
    """How many lines were compared."""
    return len(recordings.command_map()["rows"])


def _row(row: dict) -> str:
    same = f"Same {' and '.join(row['same'])}." if row["same"] else ""
    said = claim_pages.with_code(" ".join(filter(None, (row["difference"], same))))
    when = f"<small>{html.escape(row['when'])}</small>" if row["when"] else ""
    kind = "differs" if row["difference"] else "same"
    return (
        f"<tr><td><code>{html.escape(row['poetry'])}</code>{when}</td>\n"
        f'<td><code>{html.escape(row["uv"])}</code></td>\n<td class="{kind}">{said}</td></tr>\n'
    )


def _difference(before: list[str], after: list[str], title: str) -> str:
    return claim_pages.block(claim_pages.changes(before, after), html.escape(title))
