"""A step that copies an exported lockfile runs again only if the export changes."""

import pytest

from guide import ROOT
from guide.content import recordings
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/rebuild.js"

PYPROJECT = """\
[project]
name = "shop"
version = "1.0"
dependencies = ["django"]

[dependency-groups]
dev = ["ruff"]
prod = ["gunicorn"]

[tool.ruff]
line-length = 88
"""
LOCK = """\
[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "django" }]

[package.dev-dependencies]
dev = [{ name = "ruff" }]
prod = [{ name = "gunicorn", extra = ["setproctitle"] }]

[[package]]
name = "django"
version = "6.0"
dependencies = [{ name = "asgiref" }, { name = "tzdata", marker = "sys_platform == 'win32'" }]

[[package]]
name = "asgiref"
version = "3.0"

[[package]]
name = "gunicorn"
version = "24.0"

[package.optional-dependencies]
setproctitle = [{ name = "setproctitle" }]

[[package]]
name = "setproctitle"
version = "1.3"

[[package]]
name = "tzdata"
version = "2026.1"

[[package]]
name = "ruff"
version = "0.17.0"
"""
EXPORT = (
    "uv export --locked --no-default-groups --group prod --no-emit-project --no-annotate "
    "--output-file /requirements.txt"
)
MOUNTS = "--mount=source=pyproject.toml,target=pyproject.toml --mount=source=uv.lock,target=uv.lock"
COPIED = "COPY --from=lock /requirements.txt ./"


def dockerfile(*export: str) -> str:
    return "\n".join(
        [
            "FROM uv:1 AS lock",
            "WORKDIR /app",
            *export,
            "FROM python",
            COPIED,
            "RUN uv pip sync requirements.txt",
            "",
        ]
    )


MOUNTED = dockerfile(f"RUN {MOUNTS} {EXPORT}")


def changed(
    text: str = MOUNTED, pyproject: str = PYPROJECT, lock: str = LOCK, after: str = ""
) -> list[dict]:
    """Return a build before and after a change of the project or of the Dockerfile."""
    return [
        {
            "dockerfile": text,
            "files": {"pyproject.toml": texts[0], "uv.lock": texts[1]},
            "texts": {"pyproject.toml": texts[0], "uv.lock": texts[1]},
        }
        for text, *texts in [(text, PYPROJECT, LOCK), (after or text, pyproject, lock)]
    ]


def locked(old: str, new: str, *export: str) -> list[dict]:
    """Return a build before and after a change of the lockfile, with other lines that export it."""
    assert old in LOCK
    text = dockerfile(*export) if export else MOUNTED
    return changed(text, lock=LOCK.replace(old, new, 1))


def forked() -> list[dict]:
    """Return a build before and after a change of a package that has two versions."""
    pairs = []
    for version in ("2025.1", "2025.2"):
        lock = f'{LOCK}\n[[package]]\nname = "tzdata"\nversion = "{version}"\n'
        pairs.append(changed(lock=lock)[1])
    return pairs


def bumped(*export: str) -> list[dict]:
    """Return a build before and after a change that exports the same."""
    text = dockerfile(*export) if export else MOUNTED
    pyproject, lock = (
        each.replace('version = "1.0"', 'version = "2.0"') for each in (PYPROJECT, LOCK)
    )
    return changed(text, pyproject, lock)


SAME_EXPORT: dict[str, list[dict]] = {
    "the project's version": bumped(),
    "a comment": changed(pyproject=f"{PYPROJECT}# changed\n"),
    "a linter setting": changed(pyproject=PYPROJECT.replace("88", "100")),
    "a development package": locked('version = "0.17.0"', 'version = "0.18.0"'),
    "a development group": locked('dev = [{ name = "ruff" }]', "dev = []"),
    "copied": bumped("COPY pyproject.toml uv.lock ./", f"RUN {EXPORT}"),
    "mounted as a folder": bumped(f"RUN --mount=target=. {EXPORT}"),
    "with a fallback": bumped(f"RUN {MOUNTS} {EXPORT} || {{ echo failed; exit 1; }}"),
    "redirected": bumped(f"RUN {MOUNTS} {EXPORT.replace('--output-file', '>')}"),
    "from another folder": bumped(f"RUN --mount=target=/src {EXPORT} --project /src"),
    "with a variable and a path": bumped(f"RUN {MOUNTS} UV_PYTHON=3.14 /bin/{EXPORT}"),
    "with a variable for groups": bumped("ENV UV_NO_GROUP=dev", f"RUN {MOUNTS} {EXPORT}"),
    "with a cache": bumped(f"RUN --mount=type=cache,target=/root/.cache/uv {MOUNTS} {EXPORT}"),
}
OTHER_EXPORT: dict[str, list[dict]] = {
    "a dependency": locked('version = "6.0"', 'version = "6.1"'),
    "an indirect dependency": locked('version = "3.0"', 'version = "3.1"'),
    "an extra": locked('version = "1.3"', 'version = "1.4"'),
    "a package for another platform": locked('version = "2026.1"', 'version = "2026.2"'),
    "a marker": locked("win32", "linux"),
    "a marker of the project": locked(
        '{ name = "django" }', '{ name = "django", marker = "os_name == \'nt\'" }'
    ),
    "another version for other environments": forked(),
    "the versions of Python": changed(lock=f'requires-python = ">=3.13"\n{LOCK}'),
    "no dependency": locked('dependencies = [{ name = "django" }]', "dependencies = []"),
    "another uv": changed(after=MOUNTED.replace("uv:1", "uv:2"), pyproject=f"{PYPROJECT}#"),
}
# What is exported is the same, or would be, but the module does not know it.
UNKNOWN_EXPORT: dict[str, list[dict]] = {
    "another command": bumped(f"RUN {MOUNTS} {EXPORT} && sed -i s/a/b/ /requirements.txt"),
    "an unknown option": bumped(f"RUN {MOUNTS} {EXPORT} --unknown"),
    "a script": bumped(f"RUN {MOUNTS} ./export.sh # {EXPORT}"),
    "an option that locks again": bumped(
        f"RUN {MOUNTS} {EXPORT.replace('--locked', '--upgrade-package django')}"
    ),
    "an option with an unknown value": bumped(f"RUN {MOUNTS} {EXPORT} --group $GROUP"),
    "a group that does not exist": bumped(f"RUN {MOUNTS} {EXPORT} --group nope"),
    "an index in pyproject.toml": bumped(f"RUN {MOUNTS} {EXPORT} --emit-index-url"),
    "a bill of materials": bumped(f"RUN {MOUNTS} {EXPORT} --format cyclonedx1.5"),
    "an outdated lockfile": locked('version = "1.0"', 'version = "2.0"'),
    "notes": bumped(f"RUN {MOUNTS} {EXPORT.replace('--no-annotate', '')}"),
    "an empty lockfile": changed(lock=""),
    "a lockfile with a syntax error": changed(lock="["),
    "a lockfile with other content": changed(lock="package = 1"),
    "a lockfile of another project": changed(lock=LOCK.replace("virtual", "registry")),
}
CASES = {
    **{name: (builds, True) for name, builds in SAME_EXPORT.items()},
    **{name: (builds, False) for name, builds in (OTHER_EXPORT | UNKNOWN_EXPORT).items()},
}


@pytest.fixture(scope="module")
def predictions():
    """The predicted steps of all cases."""
    function = """({ grammar, list }) => list.map((builds) => {
        const [before, after] = builds.map((build) => ({ ...build, grammar }));
        return module.predict(before, after).steps;
    })"""
    builds = [builds for builds, _ in CASES.values()]
    steps = node.call(MODULE, function, {"grammar": recordings.uv_options(), "list": builds})
    return dict(zip(CASES, steps, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_a_copied_export_is_cached_if_it_stays_the_same(predictions, name):
    *export, copied, install = predictions[name]
    assert any(not step["cached"] for step in export)
    assert copied["text"] == COPIED
    assert [copied["cached"], install["cached"]] == [CASES[name][1]] * 2


def test_what_is_assumed_is_marked(predictions):
    def cause(name):
        return predictions[name][-2]["cause"]

    assert cause("a script") == {"kind": "stage", "name": "lock", "isAssumed": True}
    assert cause("a dependency") == {"kind": "stage", "name": "lock", "isAssumed": False}
