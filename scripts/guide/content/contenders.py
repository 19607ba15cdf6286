"""The contenders: Dockerfiles that are timed side by side.

Each contender builds one of two services: the shop of the migration examples, or the status page of
Pattern A. The contenders are the Dockerfiles of these examples, copies in which one or two lines
are different, and the files in dockerfiles/. A title contains the name of a pattern only if the
page of the pattern shows the Dockerfile.
"""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from guide import Problem
from guide.content import build_facts, variants
from guide.content.dockerfile import Dockerfile
from guide.content.edits import code_first
from guide.content.examples import EXAMPLES, Example, example

BEFORE, AFTER = "before-poetry", "after-uv"
LAYERED = f"{BEFORE}--layered"
PATTERN_A = "pattern-a-single-stage"
# This example also builds the status page.
LOCK_STAGE = "lock-stage"
KEPT_VENV = f"{LOCK_STAGE}--kept-venv"
# The script that checks a kept venv. The contenders of the shop also use it.
CHECK_VENV = EXAMPLES / LOCK_STAGE / "check_venv.py"
DOCKERFILES = Path(__file__).with_name("dockerfiles")
# The lockfile with which Poetry installs the packages of the status page. It has the same versions
# as uv.lock.
POETRY_LOCK = DOCKERFILES / "status-page.poetry.lock"
# The name by which the "floor" contenders refer to an image with the packages installed.
DEPENDENCIES = "dependencies"

Service = Literal["shop", "status"]
Tool = Literal["uv", "poetry", "pip"]

# The builds that are timed: one without a cache, and one after each change. A changed linter
# setting rebuilds the same steps as a version bump, so only the recording for the explorer has it.
IN_EXPLORER = ("cold", "nothing", "view", "ruff", "version", "dependency")
ALL = ("cold", "view", "version", "dependency")
FEW = ("cold", "view")
PACKAGES = ("cold", "view", "dependency")
VERSION = ("cold", "view", "version")


@dataclass(frozen=True)
class Contender:
    """A Dockerfile of a service.

    `tool` is the package manager that changes the project. `changes` lists the builds that are
    timed: a cold build, and one after each change. If `starts_from` is the name of another
    contender, the build starts from that contender's image, with the packages already installed.
    `project` is the example whose files are built, if it is not the service's usual example.
    """

    name: str
    title: str
    service: Service
    tool: Tool
    text: str
    changes: tuple[str, ...] = ()
    starts_from: str = ""
    project: str = ""

    @property
    def example(self) -> Example:
        """The example whose files are built."""
        if self.project:
            return example(self.project)
        if self.service == "status":
            return example(PATTERN_A)
        return example(BEFORE if self.tool == "poetry" else AFTER)

    @property
    def base_images(self) -> list[str]:
        """The external base images of its stages."""
        return [name for name in self.parsed.base_images if name != DEPENDENCIES]

    @property
    def images(self) -> list[str]:
        """Every image that its build pulls."""
        return [name for name in self.parsed.external_images if name != DEPENDENCIES]

    @cached_property
    def parsed(self) -> Dockerfile:
        """The instructions and stages of the Dockerfile."""
        return Dockerfile.parse(self.text)

    @property
    def service_title(self) -> str:
        """The name of the service on pages."""
        return "the shop" if self.service == "shop" else "the status page"

    @property
    def digest(self) -> str:
        """The SHA-256 of the Dockerfile without its comments. Recordings contain it."""
        return dockerfile_digest(self.text)

    @property
    def text_of_dependencies(self) -> str:
        """The part of the Dockerfile above the step that copies the code."""
        return self.parsed.text_before(self.parsed.instruction("COPY . ."))

    @property
    def compiled_parts(self) -> tuple[str, ...]:
        """The parts of the image that are compiled to bytecode."""
        if self.starts_from:
            source = Dockerfile.parse(contender(self.starts_from).text_of_dependencies)
            return build_facts.compiled_parts(source)
        return build_facts.compiled_parts(self.parsed)

    @property
    def has_cache_mount(self) -> bool:
        """True if the step that installs the packages has a cache mount."""
        return build_facts.has_cache_mount(self.parsed)

    @property
    def start(self) -> str:
        """What a build starts from."""
        if self.starts_from:
            return "an image with the packages installed"
        return self.parsed.stages[-1].base_image


def dockerfile_digest(text: str) -> str:
    """Return the SHA-256 of a Dockerfile's text without comments and empty lines."""
    return hashlib.sha256("\n".join(Dockerfile.parse(text).code).encode()).hexdigest()


@cache
def contenders() -> tuple[Contender, ...]:
    """Return every contender in page order.

    Raises Problem if a Dockerfile no longer has the line that a contender changes.
    """
    return (*_shop(), *_status_page())


def contender(name: str) -> Contender:
    """Return the contender with the name `name`. Raises Problem if it does not exist."""
    for each in contenders():
        if each.name == name:
            return each
    raise Problem(f"There is no contender {name!r}.")


def _shop() -> list[Contender]:
    """Return the contenders that build the shop."""
    layered = example(LAYERED).dockerfile_text
    single = example(AFTER).dockerfile_text
    uncompiled = variants.without_package_bytecode(single)
    return [
        _poetry(
            "shop",
            "shop-poetry-everything-first",
            "Poetry, everything copied first",
            example(BEFORE).dockerfile_text,
            PACKAGES,
        ),
        _poetry("shop", "shop-poetry", "Poetry at its best", layered, ALL),
        _poetry(
            "shop",
            "shop-poetry-code-first",
            "Poetry at its best, code first",
            code_first(layered, "poetry.lock"),
            FEW,
        ),
        _poetry(
            "shop",
            "shop-poetry-compiled",
            "Poetry at its best, compiling",
            variants.compiling_packages(layered),
            PACKAGES,
        ),
        _pip("shop", ALL),
        _uv("shop-uv-example", "uv, as in uv's Docker example", _read("shop-uv-example"), PACKAGES),
        _uv("shop-single-stage", "uv, single stage", single, ALL),
        _uv(
            "shop-single-stage-uncompiled", "uv, single stage, not compiling", uncompiled, PACKAGES
        ),
        _uv(
            "shop-single-stage-code-first",
            "uv, single stage, not compiling, code first",
            code_first(uncompiled),
            FEW,
        ),
        # Timed on the slow network only.
        _uv(
            "shop-no-mount",
            "uv, single stage, no cache mount",
            variants.without_cache_mount(single),
            (),
        ),
        _uv("shop-multi-stage", "uv, multi-stage, with a compiler", _read("shop-multi-stage"), FEW),
        _uv(
            "shop-bind-mounts",
            "uv, multi-stage, lockfile mounted",
            _read("shop-bind-mounts"),
            PACKAGES,
        ),
        _uv("shop-lock-stage", "uv, lock stage", _read("shop-lock-stage"), VERSION),
        _uv(
            "shop-kept-venv",
            "uv, kept venv",
            _read("shop-kept-venv"),
            ALL,
        ),
        _floor("shop-floor", "shop-single-stage", "shop"),
    ]


def _status_page() -> list[Contender]:
    """Return the contenders that build the status page, the service of Pattern A."""
    published = example(PATTERN_A).dockerfile_text
    poetry = _read("status-poetry")
    variants_of_a = [
        (
            "status-without-standard-library",
            "Standard library not compiled",
            variants.without_standard_library(published),
        ),
        (
            "status-whole-standard-library",
            "Whole standard library compiled",
            variants.with_whole_standard_library(published),
        ),
        ("status-without-bytecode", "Nothing compiled", variants.without_bytecode(published)),
    ]
    return [
        _poetry(
            "status",
            "status-poetry-everything-first",
            "Poetry, everything copied first",
            _read("status-poetry-everything-first"),
            PACKAGES,
        ),
        _poetry(
            "status",
            "status-poetry-compiled",
            "Poetry at its best, compiling",
            variants.compiling_packages(poetry),
            ALL,
        ),
        _pip("status", PACKAGES),
        Contender("pattern-a", "Pattern A", "status", "uv", published, ALL),
        _lock_stage("lock-stage", "Lock stage", LOCK_STAGE),
        _lock_stage("kept-venv", "Kept venv", KEPT_VENV),
        # Only the start of their containers is timed.
        *(
            Contender(name, title, "status", "uv", text)
            for name, title, text in variants_of_a
            if text != published
        ),
        _floor("pattern-a-floor", "pattern-a", "status"),
    ]


def _poetry(
    service: Service, name: str, title: str, text: str, changes: tuple[str, ...]
) -> Contender:
    return Contender(name, title, service, "poetry", text, changes)


def _uv(name: str, title: str, text: str, changes: tuple[str, ...]) -> Contender:
    return Contender(name, title, "shop", "uv", text, changes)


def _lock_stage(name: str, title: str, variant: str) -> Contender:
    text = example(variant).dockerfile_text
    return Contender(name, title, "status", "uv", text, ALL, project=LOCK_STAGE)


def _pip(service: Service, changes: tuple[str, ...]) -> Contender:
    name = f"{service}-pip"
    return Contender(name, "pip at its best", service, "pip", _read(name), changes)


def _floor(name: str, starts_from: str, service: Service) -> Contender:
    title, changes = "Only copying the code", VERSION
    return Contender(name, title, service, "uv", _read("floor"), changes, starts_from)


def _read(name: str) -> str:
    return (DOCKERFILES / f"{name}.Dockerfile").read_text()
