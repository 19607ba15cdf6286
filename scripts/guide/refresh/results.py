"""The results of the parts of a refresh, as they are written into the messages of its commits."""

from typing import TypedDict

from guide.content.recording_types import TypedCommand, WrittenFile


class RaisedVersion(TypedDict):
    """A program or package with a newer version, and the files that name it.

    `is_written` is False if the version is available but could not be written without Docker.
    """

    name: str
    before: str
    after: str
    files: list[str]
    is_written: bool


class UntrueClaim(TypedDict):
    """A claim whose test failed, the reason, and the transcript of the failed test."""

    name: str
    reason: str
    transcript: list[WrittenFile | TypedCommand]


class FailingLink(TypedDict):
    """A link that fails, the reason, the day of the first failure, and the files that contain it.

    `is_dead` is whether it has failed for so long that a person has to look at it.
    """

    url: str
    reason: str
    since: str
    files: list[str]
    is_dead: bool


class ChangedRecipe(TypedDict):
    """A recipe whose newest source no longer contains a text.

    `section` is the anchor on the page of recipes.
    """

    url: str
    section: str
    missing: str


class FailedTest(TypedDict):
    """A test that failed, and the first line of the reason."""

    test: str
    reason: str


class PartResult(TypedDict, total=False):
    """What a part of a refresh did and noticed. `error` is why the part could not finish."""

    part: str
    raised: list[RaisedVersion]
    untrue: list[UntrueClaim]
    failing: list[FailingLink]
    unreachable: list[str]
    changed_recipes: list[ChangedRecipe]
    failed: list[FailedTest]
    notes: list[str]
    error: str
