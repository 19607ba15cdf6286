"""Show the uv releases with which each claim is true, and the first release with each option."""

import re
from textwrap import shorten

from markupsafe import Markup
from packaging.version import Version

from guide import Problem
from guide.content import claims, recordings
from guide.content.claims import Claim
from guide.content.recording_types import ClaimVersions
from guide.pages import numbers
from guide.pages.claims import mark, statement, topics
from guide.pages.markup import Cell, group_row, inline_code, row, table
from guide.pages.registry import macro

# Patterns of recorded failures, and the texts that report them. uv's messages contain single
# backticks, so the texts enclose the messages in double backticks.
FAILURES = (
    (r"(?:ended|exited) with code \d+: (error: .*)", "the test stops with ``{}``"),
    (r"'([^']+)' (?:ended|exited) with code", "the command `{}` in the test fails"),
    (
        r"'([^']+)' (?:was to fail, and did not|to fail, but it succeeded)",
        "the test's command `{}` succeeds, although the test expects it to fail",
    ),
    (r"assert '([^']+)' in ['\"]", "the output in the test does not contain ``{}``"),
    (
        r"assert '([^']+)' != '\1'",
        "the output in the test is `{}`, but the test expects a different value",
    ),
    (
        r"assert '([^']+)' == '([^']+)'",
        "the output in the test is ``{}``, but the test expects ``{}``",
    ),
    (
        r"assert \['(.*)'\] == \['(.*)'\]",
        "the virtual environment in the test contains `{}`, but the test expects `{}`",
    ),
)
_YES, _NO = Cell("✓", "yes"), Cell("no", "no")


@macro("uv_versions")
def version_table() -> str:
    """Return a table of the uv releases with which each claim is true."""
    recorded = recordings.uv_versions()
    versions = recorded["versions"]
    rows = []
    for topic, group in topics():
        claims_of_uv = [claim for claim in group if not claim.needs_docker]
        if claims_of_uv:
            rows.append(group_row(topic, len(versions) + 2))
            rows += [_row(claim, recorded["claims"], versions) for claim in claims_of_uv]
    minors = (Cell(_minor(version), title=f"uv {version}") for version in versions)
    return (
        f"{table(rows, ('Statement', 'True since', *minors), 'versions')}\n\n"
        f"Recorded on {numbers.format_date(recorded['recorded']['date'])}. "
        "[Raw data](/data/uv-versions.json).\n"
        "{ .recorded data-search-exclude=1 }\n"
    )


@macro
def uv_changes() -> str:
    """Return a list of the claims that fail with older releases, and their failures."""
    recorded = recordings.uv_versions()
    oldest = recorded["versions"][0]
    changes = [
        (name, each)
        for name, each in recorded["claims"].items()
        if each["since"] != oldest and "until" not in each
    ]
    changes.sort(key=lambda change: Version(change[1]["since"]))
    return "\n".join(
        f"- **{each['since']}**: {claims.claim(name).sentence} {mark(name)} "
        f"With uv {_last_failing(each)}, {_failure(each['why_not'])}."
        for name, each in changes
    )


@macro("former_statements")
def former_list() -> str:
    """Return a list of former statements, the newest change first, and what is true now."""
    every = sorted(
        claims.former_statements(), key=lambda each: Version(each.until or "0"), reverse=True
    )
    return "\n".join(
        f"- {statement(each)} {mark(each.name)} "
        f"Now: {claims.claim(each.replaced_by or '').sentence} {mark(each.replaced_by or '')}"
        for each in every
    )


@macro("since")
def claim_since(name: str) -> str:
    """Return the first release of uv with which a claim is true, as text for a table."""
    recorded = recordings.uv_versions()
    try:
        version = recorded["claims"][name]["since"]
    except KeyError:
        raise Problem(
            f"No release is recorded for {name!r}. Run: scripts/record uv-versions"
        ) from None
    return _or_older(version, version)


@macro("until")
def claim_until(name: str) -> str:
    """Return the last release of uv with which a former statement was true."""
    until = claims.claim(name).until
    if until is None:
        raise Problem(f"{name!r} is still true. Remove until() from the page.")
    return until


@macro
def option(name: str) -> str:
    """Return two table cells for a flag or variable: its name and its first minor release."""
    recorded = recordings.uv_versions()
    try:
        version = recorded["options"][name]
    except KeyError:
        raise Problem(f"{name} is not recorded. Run: scripts/record uv-versions") from None
    return f"`{name}` | {_or_older(version, _minor(version))} {{ .since }}"


def _row(claim: Claim, recorded: dict[str, ClaimVersions], versions: list[str]) -> Markup:
    if claim.name not in recorded:
        raise Problem(f"No release is recorded for {claim.name!r}. Run: scripts/record uv-versions")
    holds = recorded[claim.name]["holds"]
    sentence = Markup('<a href="/reference/tested-statements/#{}">{}</a>').format(
        claim.name, inline_code(claim.sentence)
    )
    cells = (_YES if holds[version] else _NO for version in versions)
    until = f" to {claim.until}" if claim.until else ""
    return row(sentence, f"{claim_since(claim.name)}{until}", *cells)


def _last_failing(recorded: ClaimVersions) -> str:
    """Return the last release in the table with which a claim fails."""
    return [version for version, holds in recorded["holds"].items() if not holds][-1]


def _failure(why_not: str | None) -> str:
    """Return the failure with an older release as text. Raises Problem if FAILURES lacks it."""
    for pattern, sentence in FAILURES:
        if match := re.search(pattern, why_not or ""):
            # In a list of packages, each name is in single quotes.
            parts = (each.replace("', '", "`, `") for each in match.groups())
            return sentence.format(*(shorten(each, 96, placeholder=" …") for each in parts))
    raise Problem(f"FAILURES has no pattern that matches {why_not!r}. Add one.")


def _or_older(version: str, text: str) -> str:
    """Return `text`, or "≤ X.Y" for the oldest release in the table."""
    oldest = recordings.uv_versions()["versions"][0]
    return f"≤ {_minor(version)}" if version == oldest else text


def _minor(version: str) -> str:
    return version.rpartition(".")[0]
