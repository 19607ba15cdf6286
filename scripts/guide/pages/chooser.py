"""Which pattern is mine? The questions, what follows from the answers, and why.

The page shows all of it as HTML, which reads without a script. pattern-chooser.js takes the rules
from there, and hides what does not follow from the answers.
"""

import html
import re
from dataclasses import dataclass

from guide import Problem
from guide.content import claims, recordings
from guide.content.examples import example as find_example
from guide.pages import bench_pages, numbers
from guide.pages.registry import macro


@dataclass(frozen=True)
class Answer:
    """One answer: what it is called beside its question, and in a reason, without it.

    Its name stands in the address when it is not the first of its question.
    """

    name: str
    label: str
    because: str


@dataclass(frozen=True)
class Question:
    """A question; its first answer is the one that is taken unless another is given."""

    name: str
    text: str
    answers: tuple[Answer, ...]


QUESTIONS = (
    Question("packages", "Where do your packages come from?", (
        Answer("public", "All public", "All packages are public"),
        Answer("git", "Private Git", "A package from private Git"),
        Answer("index", "Private index", "A package from a private index"),
    )),
    Question("build", "Does one need apt or a compiler?", (
        Answer("wheels", "No, all are wheels", "All are wheels"),
        Answer("native", "Yes", "Apt or a compiler"),
    )),
    Question("project", "What is your project?", (
        Answer("plain", "manage.py and apps", "manage.py and apps"),
        Answer("src", "A src/ package", "A src/ package"),
    )),
    Question("image", "May uv stay in the image?", (
        Answer("uv", "Yes", "uv may stay"),
        Answer("lean", "No, and no compiler", "No uv in the image"),
    )),
    Question("changes", "Besides the code, what changes most?", (
        Answer("little", "Nothing much", "Little else changes"),
        Answer("updates", "Packages", "Packages change"),
        Answer("pyproject", "Version, linter settings", "Version or settings change"),
    )),
    Question("builder", "Where are images built?", (
        Answer("stays", "A machine that stays", "A machine that stays"),
        Answer("fresh", "Fresh CI runners", "Fresh CI runners"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A reason, or what to watch.

    `when` is a rule: names of answers, all of which have to be given, or with "!" must not be; a
    comma stands between alternatives, and an empty rule always holds. The first answer in it is
    the one that led here.
    """

    when: str
    text: str
    claims: tuple[str, ...] = ()
    watch: bool = False


@dataclass(frozen=True)
class Option:
    """Something to take: a pattern, or an addition to one. `example` has the `files`."""

    name: str
    short: str
    title: str
    when: str
    text: str
    page: str
    proofs: str
    points: tuple[Point, ...]
    example: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_pattern(self) -> bool:
        return len(self.name) == 1


A, B, C = "pattern-a-single-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts"
LOCK, KEPT, LOCK_C = "lock-stage", "lock-stage--kept-venv", "pattern-c-cache-mounts--lock-stage"
EMPTY_MOUNT = "cache-to-exports-layers-and-no-cache-mount"
MOUNT = "with-a-cache-mount-only-the-new-package-is-downloaded"
SERVER = ("Dockerfile", ".dockerignore", "gunicorn.conf.py", "healthcheck.py")


def options() -> tuple[Option, ...]:
    """Everything that can be recommended: the patterns, of which one is, then the additions."""
    sizes = recordings.run(B)["stage_sizes"]
    final, build = (numbers.size(sizes[stage]) for stage in ("prod", "build"))
    return (
        Option(
            "a", "Pattern A", "Pattern A: one stage", "!git !src !native !lean",
            "One Dockerfile, one stage, the fewest lines.",
            "patterns/pattern-a/#the-files", "patterns/pattern-a/#proofs",
            (
                Point("public", "the build needs no token."),
                Point("wheels", "nothing to compile, so there is nothing to leave behind in "
                      "another stage."),
                Point("plain", "with `package = false`, uv installs without your code.",
                      ("package-false-lets-uv-sync-do-without-the-code",)),
                Point("uv", "it is there, and nothing uses it after the build.",
                      ("uv-copied-into-the-image-costs-its-size",)),
                Point("", f"After an edit of a view the image is back in {_build(A, 'view')}: "
                      "the packages come from the cache.",
                      ("code-copied-after-the-install-leaves-it-cached",)),
                Point("updates index, updates fresh", "each changed package installs all of them "
                      f"again, here in {_build(A, 'dependency')}.",
                      ("without-a-cache-mount-each-install-downloads-everything",), watch=True),
                Point("updates index stays", "with a cache mount for `uv sync` and without "
                      "`UV_NO_CACHE`, only the new package is downloaded.", (MOUNT,), watch=True),
            ),
            A, (*SERVER, "status/middleware.py"),
        ),
        Option(
            "b", "Pattern B", "Pattern B: multi-stage on Ubuntu",
            "!git !src native, !git !src lean",
            "One stage builds the venv, and the one that you ship takes only that.",
            "patterns/pattern-b/#the-files", "patterns/pattern-b/#proofs",
            (
                Point("native", "the compiler and the headers stay in the `build` stage. That has "
                      f"{build}, the image {final}."),
                Point("lean", "the last stage starts from the base again. Nothing of uv or of a "
                      "compiler is in it."),
                Point("plain", "the last stage copies your code by name."),
                Point("updates stays", "the cache mount keeps what was downloaded and compiled. A "
                      f"new package takes {_build(B, 'dependency')}, a first build "
                      f"{_build(B, 'cold')}.", (MOUNT,)),
                Point("lean wheels", "leave out the `apt-get` lines, and start `base` from a slim "
                      "Python image. We have not built that.", watch=True),
                Point("", "Let both stages start from the same one. A venv does not bring its "
                      "Python.", ("an-environment-does-not-start-without-its-python",), watch=True),
                Point("fresh updates, fresh native", "the cache mount is empty. When a package "
                      "changes, all are downloaded again, and compiled.", (EMPTY_MOUNT,),
                      watch=True),
            ),
            B, (*SERVER, "compose.yaml", "compose.prod.yaml", "invoices/middleware.py"),
        ),
        Option(
            "c", "Pattern C", "Pattern C: cache mounts, private packages", "git, src",
            "Phase one installs the packages, with the token. Phase two adds your own.",
            "patterns/pattern-c/#the-files", "patterns/pattern-c/#proofs",
            (
                Point("git", "Git and the token are in the first stage only. The token is a build "
                      "secret, and in no layer.", ("a-build-secret-leaves-nothing-in-the-image",)),
                Point("src", "phase one needs none of your code, so an edit of it installs "
                      "nothing again. Phase two copies your package into the venv.",
                      ("no-install-project-leaves-the-project-out",
                       "no-editable-copies-the-project")),
                Point("lean", "the image has no uv, no Git and no compiler."),
                Point("updates stays", "the cache mount keeps what was downloaded. A new package "
                      f"takes {_build(C, 'dependency')}.", (MOUNT,)),
                Point("", "Keep `--no-cache` in phase two. Without it, [old code gets into a new "
                      "image](patterns/pattern-c/#old-code-in-a-new-image).", watch=True),
                Point("plain", "Pattern C is for a package. With `package = false`, copy your code "
                      "by name instead of phase two, as Pattern B does. We have not built that.",
                      ("package-false-lets-uv-sync-do-without-the-code",), watch=True),
                Point("public", "leave out Git, the credential helper and the secret.", watch=True),
                Point("fresh updates", "the cache mount is empty. Each changed package "
                      "downloads all of them again.", (EMPTY_MOUNT,), watch=True),
            ),
            C, ("Dockerfile", ".dockerignore", "src/tracking/__main__.py",
                "src/tracking/healthcheck.py", "src/tracking/middleware.py"),
        ),
        Option(
            "apt", "libraries from apt", "Libraries from apt in Pattern C",
            "git native, src native",
            "Install what your packages load in `base`, and what they are compiled with in "
            "`packages`.",
            "patterns/pattern-b/#make-it-yours", "patterns/pattern-b/#proofs",
            (
                Point("native", "the last stage starts from `base`, so it has the libraries, and "
                      "not the compiler."),
                Point("", "No example has both. The lines are those of Pattern B.", watch=True),
                Point("fresh native", "the cache mount is empty. When the packages change, all "
                      "is compiled again.", (EMPTY_MOUNT,), watch=True),
            ),
        ),
        Option(
            "secret", "a build secret", "A private index in one stage",
            "index !src !native !lean",
            "The Dockerfile of the shop: Pattern A, and a secret for the step that installs.",
            "migrate-files/", "private-packages/#a-package-index",
            (
                Point("index", "the password is a variable of that one step, and in no layer.",
                      ("env-makes-a-secret-a-variable-of-one-step",
                       "a-build-secret-leaves-nothing-in-the-image")),
                Point("", "A line end in the secret is part of the password. Write the file with "
                      "`printf %s`.", ("a-line-end-in-a-secret-is-part-of-the-password",),
                      watch=True),
            ),
            "after-uv", ("Dockerfile",),
        ),
        Option(
            "secret-in-stages", "a build secret", "A private index in several stages",
            "index src, index native, index lean",
            "Mount the password as a secret on each `uv sync` that installs packages.",
            "private-packages/#a-package-index", "private-packages/#a-package-index",
            (
                Point("index", "the password is a variable of that one step, and in no layer.",
                      ("env-makes-a-secret-a-variable-of-one-step",
                       "a-build-secret-leaves-nothing-in-the-image")),
                Point("src", "leave out Git and its credential helper.", watch=True),
                Point("", "A line end in the secret is part of the password. Write the file with "
                      "`printf %s`.", ("a-line-end-in-a-secret-is-part-of-the-password",),
                      watch=True),
            ),
        ),
        Option(
            "lock", "a lock stage", "The lock stage",
            "pyproject public !src !native !lean",
            "A stage of its own writes down the packages, and Docker compares only that.",
            "patterns/lock-stage/", "patterns/lock-stage/#proofs",
            (
                Point("pyproject", "a new version takes "
                      f"{_build(LOCK, 'version')} instead of {_build(A, 'version')}.",
                      ("the-same-packages-give-the-same-export",
                       "copy-from-is-compared-by-content")),
            ),
            LOCK, ("Dockerfile",),
        ),
        Option(
            "lock-b", "a lock stage", "The lock stage in Pattern B",
            "pyproject native public !src, pyproject lean public !src",
            "A stage of its own writes down the packages, and Docker compares only that.",
            "patterns/lock-stage/#make-it-yours", "patterns/lock-stage/#proofs",
            (
                Point("pyproject", "a new version gives the same exported file, and the next "
                      "stage comes from the cache.",
                      ("the-same-packages-give-the-same-export",
                       "copy-from-is-compared-by-content")),
                Point("", "No example has both. The lines go above your `build` stage, and into "
                      "it.", watch=True),
            ),
        ),
        Option(
            "lock-c", "a lock stage", "The lock stage in Pattern C",
            "pyproject git, pyproject src !index",
            "The same in the second Dockerfile of Pattern C.",
            "patterns/lock-stage/#a-packaged-project-and-private-packages",
            "patterns/lock-stage/#proofs",
            (
                Point("pyproject", "a new version takes "
                      f"{_build(LOCK_C, 'version')} instead of {_build(C, 'version')}.",
                      ("the-same-packages-give-the-same-export",
                       "copy-from-is-compared-by-content")),
                Point("git", "do not add `--require-hashes`: a package from Git [has no "
                      "hash](patterns/lock-stage/#-require-hashes-with-a-package-from-git).",
                      watch=True),
            ),
            LOCK_C, ("lock-stage.Dockerfile",),
        ),
        Option(
            "ruff", "a ruff.toml", "No lock stage, but a ruff.toml", "pyproject index",
            "Keep the linter's settings out of pyproject.toml.",
            "layer-caching/#what-breaks-the-chain-too-early", "private-packages/#a-package-index",
            (
                Point("index", "the file that a lock stage exports does not name the index, so "
                      "the install would have to be told.", ("an-export-does-not-name-the-index",)),
                Point("pyproject", "each line of a tool in it installs every package again. A "
                      "`ruff.toml` is copied with the code.",
                      ("a-setting-of-a-tool-in-pyproject-installs-again",)),
                Point("", "A new version still installs every package again.",
                      ("bumping-the-version-installs-again",), watch=True),
            ),
        ),
        Option(
            "kept", "a kept venv", "The lock stage with a kept venv",
            "updates stays public !src !native !lean",
            "The venv stays in a cache mount, and uv changes in it what is different.",
            "patterns/lock-stage/#one-step-further-keep-the-venv", "patterns/lock-stage/#proofs",
            (
                Point("updates", "a new package takes the shop "
                      f"{bench_pages.timed('kept-venv', 'dependency')} instead of "
                      f"{bench_pages.timed('pattern-a', 'dependency')}."),
                Point("stays", "the mount is there at the next build."),
                Point("", "Not for releases: what is in the mount came from your builder, and not "
                      "from this build.", watch=True),
            ),
            KEPT, ("kept-venv.Dockerfile",),
        ),
        Option(
            "pipelines", "two-speed pipelines", "Layers in the registry, two-speed pipelines",
            "fresh",
            "The registry keeps the layers. A group of its own for each job answers a merge "
            "request before an image is built.",
            "ci/", "ci/#proofs",
            (
                Point("fresh", "a new runner has no layers. With `mode=max` the registry has those "
                      "of every stage, and an edit of the code installs nothing again.",
                      ("with-mode-max-every-stage-is-exported",)),
                Point("", "The lint job installs the group `lint`, and neither Django nor `dev`.",
                      ("only-group-installs-that-group-alone",)),
                Point("", "The full jobs run in a stage `test`. "
                      "[Its lines](dependency-groups/#the-example) are with the example.",
                      watch=True),
            ),
            "dependency-groups", (".gitlab-ci.yml", ".github/workflows/ci.yml"),
        ),
    )  # fmt: skip


def holds(rule: str, given: set[str]) -> bool:
    """Whether a rule holds for the answers that are given."""
    return any(
        all((term[1:] not in given) if term[0] == "!" else (term in given) for term in way.split())
        for way in rule.split(",")
    )


def complete(names: set[str]) -> set[str]:
    """The answers named, and the first one of each question that has none of them."""
    given = set()
    for question in QUESTIONS:
        mine = [answer.name for answer in question.answers]
        given |= names & {*mine} or {mine[0]}
    return given


def recommend(found: tuple[Option, ...], given: set[str]) -> list[Option]:
    """The options to take when every question is answered."""
    return [option for option in found if holds(option.when, given)]


def sentence(shorts: list[str]) -> str:
    """What is recommended, on one line."""
    first, *others = shorts
    if not others:
        return first
    *some, last = others
    return f"{first} with {', '.join(some)}{' and ' if some else ''}{last}"


# --- as HTML ---


@macro
def pattern_chooser() -> str:
    """The questions, then everything that can be recommended, for pattern-chooser.js to narrow."""
    found, given = options(), complete(set())
    taken = [option.short for option in recommend(found, given)]
    questions = "".join(_question(question) for question in QUESTIONS)
    sections = "".join(_option(option, given) for option in found)
    return (
        f'<div><pattern-chooser><form autocomplete="off">{questions}'
        '<p class="tools"><button type="reset">Start over</button>'
        '<button type="button" name="copy">Copy link to this answer</button></p></form>'
        f'<p class="answer"><output>{sentence(taken)}</output>'
        '<button type="button" name="why">See why</button></p>'
        f'<div class="options">{sections}</div></pattern-chooser></div>'
    )


def _question(question: Question) -> str:
    answers = "".join(
        f'<label><input type="radio" name="{question.name}" value="{answer.name}"'
        f"{' checked' if answer is question.answers[0] else ''}>"
        f"<span>{html.escape(answer.label)}</span></label>"
        for answer in question.answers
    )
    return f"<fieldset><legend>{html.escape(question.text)}</legend>{answers}</fieldset>"


def _option(option: Option, given: set[str]) -> str:
    points = "".join(_point(point, given) for point in option.points)
    title = f"<small>{'Take' if option.is_pattern else 'Add'}</small> {html.escape(option.title)}"
    return (
        f'<section data-option="{option.name}" data-short="{html.escape(option.short)}"'
        f"{_when(option.when, given)}><h2>{title}</h2>"
        f'<p>{_inline(option.text)}</p><p class="when">When: {_conditions(option.when)}.</p>'
        f"<ul>{points}</ul>{_files(option)}</section>"
    )


def _files(option: Option) -> str:
    """The files to take, and where they are explained, proven and downloaded."""
    opens = "Open the Dockerfile" if option.is_pattern else "How it is done"
    links = [
        f'<a class="md-button" href="{_address(option.page)}">{opens}</a>',
        f'<a href="{_address(option.proofs)}">Proofs</a>',
    ]
    names = ""
    if option.files:
        found = find_example(option.example)
        missing = {*option.files} - {path.as_posix() for path in found.files}
        if missing:
            raise Problem(f"{found.name} has no {', '.join(sorted(missing))}.")
        target = _address(f"downloads/{found.folder.name}.zip")
        links.insert(1, f'<a href="{target}" download>Download the example</a>')
        files = " ".join(f"<code>{each}</code>" for each in option.files)
        replaces = not option.is_pattern and option.files[0].endswith("Dockerfile")
        said = "The Dockerfile to take instead" if replaces else "Files to take"
        names = f'<p class="files">{said}: {files}</p>'
    return f'{names}<p class="more">{" ".join(links)}</p>'


def _point(point: Point, given: set[str]) -> str:
    proofs = "".join(f" {_proof(name)}" for name in point.claims)
    kind, label = (' class="watch"', "<i>Watch</i> ") if point.watch else ("", "")
    said = f"{label}{_because(point.when)}{_inline(point.text)}{proofs}"
    return f"<li{kind}{_when(point.when, given)}>{said}</li>"


def _when(rule: str, given: set[str]) -> str:
    """The rule for the script, and whether it is off as long as nothing is answered."""
    if not rule:
        return ""
    return f' data-when="{rule}"{"" if holds(rule, given) else " data-off"}'


def _because(rule: str) -> str:
    """The first answer in a rule, in bold, as what led to a reason."""
    first = next((term for term in re.findall("[^ ,]+", rule) if term[0] != "!"), "")
    return f"<b>{_called(first)}:</b> " if first else ""


def _conditions(rule: str) -> str:
    """A rule in words, for whoever has no script that applies it."""
    ways = []
    for way in rule.split(","):
        terms = sorted(way.split(), key=lambda term: term[0] == "!")
        ways.append(
            ", ".join(
                f"not “{_called(term[1:])}”" if term[0] == "!" else f"“{_called(term)}”"
                for term in terms
            )
        )
    return "; or ".join(ways)


def _called(name: str) -> str:
    """What a reason calls an answer."""
    return next(
        html.escape(answer.because)
        for question in QUESTIONS
        for answer in question.answers
        if answer.name == name
    )


def _proof(name: str) -> str:
    said = html.escape(claims.claim(name).sentence.replace("`", ""), quote=True)
    claims.recording(name)
    return f'<a class="proof" href="../reference/claims/#{name}" title="{said}">proof</a>'


def _inline(text: str) -> str:
    text = re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))
    return re.sub(
        r"\[([^]]+)\]\(([^)]+)\)",
        lambda found: f'<a href="{_address(found[2])}">{found[1]}</a>',
        text,
    )


def _address(path: str) -> str:
    """Relative to the page of the chooser, which is the only one that has it."""
    return f"../{path}"


def _build(example: str, edit: str) -> str:
    """The median seconds of a build after an edit."""
    for each in recordings.layers(example)["builds"]:
        if each["name"] == edit:
            return numbers.seconds(each["seconds"])
    raise Problem(f"No build {edit!r} of {example} is recorded.")
