"""The parts of a refresh, in the order in which they run.

The first parts raise versions, the next ones record again with these versions, and the last ones
look at other sites and run the tests.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from guide import ROOT, Problem
from guide.content import claims
from guide.machine.commands import run
from guide.record.uv_versions import without_docker
from guide.refresh import links, packages, recipes, repository, testing
from guide.refresh.pins import PINS
from guide.refresh.results import PartResult

# Recording the examples takes up to an hour.
_TIME_LIMIT = 4 * 3600


@dataclass(frozen=True)
class Options:
    """The version to raise a pin to, or None for the newest, and whether Docker may be used."""

    version: str | None = None
    has_docker: bool = True


@dataclass(frozen=True)
class RefreshPart:
    """A part of a refresh. `title` says what it does, and is the subject of its commit.

    A part that takes hours, `is_long`, runs only if it is named.
    """

    name: str
    title: str
    run: Callable[[Options], PartResult]
    needs_docker: bool = False
    is_long: bool = False


def _raise(pin: str, options: Options) -> PartResult:
    return {"raised": PINS[pin].raise_to(options.version)}


def _images(_options: Options) -> PartResult:
    tags = packages.pull_base_images()
    return {"notes": [] if tags else ["Base images are made on this machine, so none was pulled."]}


def _packages(options: Options) -> PartResult:
    if options.has_docker:
        return {"raised": packages.lock_examples()}
    return {"raised": packages.available_packages()}


def _tools(_options: Options) -> PartResult:
    return {"raised": packages.lock_guide()}


def _claims(options: Options) -> PartResult:
    tests = [str(claims.TESTS)] if options.has_docker else [each.test for each in without_docker()]
    return {"untrue": testing.untrue_claims(tests)}


def _record(subject: str, _options: Options) -> PartResult:
    command = (sys.executable, ROOT / "scripts/record", subject)
    run(*command, failing=f"scripts/record {subject} failed", cwd=ROOT, timeout=_TIME_LIMIT)
    return {}


def _recipes(_options: Options) -> PartResult:
    changed, unreachable = recipes.changed_recipes(recipes.recipe_sources())
    return {"changed_recipes": changed, "unreachable": unreachable}


def _links(_options: Options) -> PartResult:
    earlier = repository.last_result(ROOT, "links").get("failing", [])
    return {"failing": links.failing_links(links.links(), earlier, datetime.now(UTC).date())}


def _tests(arguments: Sequence[str], options: Options) -> PartResult:
    fast = () if options.has_docker else ("--fast",)
    return {"failed": testing.failed_tests([*fast, *arguments])}


def _recorder(
    name: str, title: str, needs_docker: bool = False, is_long: bool = False
) -> RefreshPart:
    return RefreshPart(name, title, partial(_record, name), needs_docker, is_long)


# The claims have been tested when they were recorded.
OTHER_TESTS = ("--ignore=tests/check", "--ignore=tests/claims", "tests")

PARTS = (
    RefreshPart("uv", "Raise uv", partial(_raise, "uv")),
    RefreshPart("django", "Raise Django in the examples", partial(_raise, "django")),
    RefreshPart("poetry", "Raise Poetry", partial(_raise, "poetry")),
    RefreshPart("migrate-to-uv", "Raise migrate-to-uv", partial(_raise, "migrate-to-uv")),
    RefreshPart("images", "Pull the newest base images", _images, needs_docker=True),
    RefreshPart("packages", "Raise the packages of the examples", _packages),
    RefreshPart("tools", "Raise the packages of the guide", _tools),
    RefreshPart("claims", "Record the claims again", _claims),
    _recorder("uv-options", "Record the options of uv again"),
    _recorder("uv-versions", "Record the claims with new releases of uv"),
    _recorder("all", "Record the examples again", needs_docker=True),
    _recorder("lines", "Record the effect of each line again", needs_docker=True, is_long=True),
    _recorder("kits", "Build every kit again", needs_docker=True, is_long=True),
    _recorder("migration", "Record the migration from Poetry again", needs_docker=True),
    _recorder("pipelines", "Record the pipelines again", needs_docker=True),
    _recorder("dev-loop", "Time the development loop again", needs_docker=True),
    _recorder("renovate", "Record what Renovate finds again"),
    _recorder("options", "Record the options of Docker and pip again", needs_docker=True),
    RefreshPart("recipes", "Compare the recipes with their sources", _recipes),
    RefreshPart("links", "Look for dead links", _links),
    RefreshPart("check", "Test the rules of Check", partial(_tests, ("tests/check",))),
    RefreshPart("test", "Run the other tests", partial(_tests, OTHER_TESTS)),
)


def chosen_parts(names: Sequence[str], options: Options) -> list[RefreshPart]:
    """Return the parts with these names, or all parts, in the order in which they run.

    Without names, parts that take hours are left out, and without Docker those that need it.
    Raises Problem if a name does not exist, or if a version is given for anything but one pin.
    """
    known = {each.name: each for each in PARTS}
    if unknown := [name for name in names if name not in known]:
        raise Problem(f"There is no part {unknown[0]!r}. There are: {', '.join(known)}.")
    if options.version is not None and (len(names) != 1 or names[0] not in PINS):
        raise Problem(f"--to needs --only with one of these parts: {', '.join(PINS)}.")
    wanted = [each for each in PARTS if each.name in names or not (names or each.is_long)]
    without = [each.name for each in wanted if each.needs_docker and not options.has_docker]
    if names and without:
        raise Problem(f"{without[0]} needs Docker. Leave out --without-docker.")
    return [each for each in wanted if each.name not in without]


def run_part(name: str, options: Options) -> PartResult:
    """Run a part in this repository and return its result, which names the part."""
    [part] = [each for each in PARTS if each.name == name]
    return {"part": name, **part.run(options)}
