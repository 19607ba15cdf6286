"""Known vulnerabilities, SBOMs, and settings that delay or refuse packages"""

import json
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

import pytest
from local_packages import write_wheel

from guide.machine.serving import QuietHandler, folder_server, http_server

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[dependency-groups]
dev = ["sqlparse==0.5.3"]
prod = ["iniconfig==2.3.0"]
"""
ONE_DEPENDENCY = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["{}"]

[tool.uv]
"""
DATE = 'exclude-newer = "2025-01-01T00:00:00Z"\n'
DEFAULT_INDEX = '\n[[tool.uv.index]]\nurl = "{}"\ndefault = true\n'
NO_WHEEL = ONE_DEPENDENCY.format("docopt==0.6.2")
ADVISORY = {
    "id": "PYSEC-2025-9999",
    "published": "2025-01-01T00:00:00Z",
    "modified": "2025-01-01T00:00:00Z",
    "summary": "A planted advisory",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "sqlparse"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
}


@dataclass
class AdvisoryDatabase:
    """A server with one advisory, which answers as OSV does."""

    advisory: dict = field(default_factory=lambda: ADVISORY)
    queries: list[str] = field(default_factory=list)
    audit: str = ""

    def fix(self, version):
        """Add the version that fixes the vulnerability to the advisory."""
        (affected,) = self.advisory["affected"]
        events = [{"introduced": "0"}, {"fixed": version}]
        fixed = affected | {"ranges": [{"type": "ECOSYSTEM", "events": events}]}
        self.advisory = self.advisory | {"affected": [fixed]}


class AdvisoryHandler(QuietHandler):
    """Answer queries for packages, and requests for the advisory."""

    def __init__(self, database, *arguments):
        self.database = database
        super().__init__(*arguments)

    def do_POST(self):
        """Send the identifiers of the advisories for each package of a query."""
        query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        advisory = self.database.advisory
        known = {"vulns": [{"id": advisory["id"], "modified": advisory["modified"]}]}
        vulnerable = {each["package"]["name"] for each in advisory["affected"]}
        names = [each["package"]["name"] for each in query["queries"]]
        self.database.queries = names
        self.send_json({"results": [known if name in vulnerable else {} for name in names]})

    def do_GET(self):
        """Send the advisory."""
        self.send_json(self.database.advisory)

    def send_json(self, content):
        """Send a JSON document."""
        body = json.dumps(content).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def database(terminal):
    """Start an advisory database, and write the project whose package has an advisory."""
    # uv caches each advisory for ten minutes, and every test has its own.
    terminal.cache = str(terminal.home / "cache")
    advisories = AdvisoryDatabase()
    with http_server(partial(AdvisoryHandler, advisories)) as origin:
        port = origin.rpartition(":")[2]
        terminal.ports[int(port)] = 8080
        advisories.audit = f"uv audit --locked --service-url http://localhost:{port}"
        terminal.write("pyproject.toml", PROJECT)
        terminal.run("uv lock")
        yield advisories


def test_uv_audit_fails_if_a_locked_package_has_an_advisory(terminal, database):
    """`uv audit` exits with code 1 if the lockfile contains a package version with a known
    vulnerability. It prints the package, the advisory and the version that fixes it."""
    database.fix("0.5.4")
    output = terminal.fails(database.audit)
    assert "sqlparse 0.5.3 has 1 known vulnerability" in output
    assert terminal.transcript[-1]["exit_code"] == 1
    assert "PYSEC-2025-9999: A planted advisory" in output
    assert "Fixed in: 0.5.4" in output
    terminal.write("pyproject.toml", PROJECT.replace("sqlparse==0.5.3", "iniconfig==2.3.0"))
    terminal.run("uv lock")
    assert "no known vulnerabilities" in terminal.run(database.audit)


def test_uv_audit_asks_about_every_package_in_the_lockfile(terminal, database):
    """`uv audit` asks the advisory database about every package in the lockfile, including all
    dependency groups and extras, even if the packages are not installed. It does not ask about the
    project itself, Python or operating system packages."""
    terminal.write(
        "pyproject.toml",
        PROJECT + '\n[project.optional-dependencies]\npdf = ["six==1.17.0"]\n',
    )
    terminal.run("uv lock")
    assert terminal.fails("ls .venv")
    assert "in 4 packages" in terminal.fails(database.audit)
    assert sorted(database.queries) == ["asgiref", "iniconfig", "six", "sqlparse"]


def test_uv_audit_sends_the_names_of_private_packages(terminal, database):
    """`uv audit` also sends the names and versions of packages from a private index to the advisory
    database."""
    write_wheel(terminal.home / "index/prices", "prices")
    with folder_server(terminal.home / "index") as origin:
        terminal.ports[int(origin.rpartition(":")[2])] = 8081
        terminal.write(
            "pyproject.toml", ONE_DEPENDENCY.format("prices") + DEFAULT_INDEX.format(origin)
        )
        terminal.run("uv lock")
        assert "in 1 package" in terminal.run(database.audit)
    assert database.queries == ["prices"]


def test_uv_audit_without_default_groups_leaves_out_the_prod_group(terminal, database):
    """With `--no-default-groups`, `uv audit` leaves out every dependency group, including `prod`,
    and there is no `--group` option that adds a group. With `--no-dev`, it leaves out only the
    `dev` group."""
    assert "no known vulnerabilities" in terminal.run(f"{database.audit} --no-default-groups")
    assert database.queries == ["asgiref"]
    assert terminal.fails("uv audit --help | grep -e ' --group'") == ""
    assert "no known vulnerabilities" in terminal.run(f"{database.audit} --no-dev")
    assert sorted(database.queries) == ["asgiref", "iniconfig"]


def test_uv_audit_ignores_an_advisory_until_there_is_a_fix(terminal, database):
    """`uv audit --ignore ID` ignores an advisory. `--ignore-until-fixed ID` ignores it only until
    the advisory names a version that fixes the vulnerability."""
    # With the cache, uv would not see the change to the advisory for ten minutes.
    audit = f"{database.audit} --no-cache"
    terminal.fails(audit)
    terminal.run(f"{audit} --ignore PYSEC-2025-9999")
    terminal.run(f"{audit} --ignore-until-fixed PYSEC-2025-9999")
    database.fix("0.5.4")
    terminal.run(f"{audit} --ignore PYSEC-2025-9999")
    output = terminal.fails(f"{audit} --ignore-until-fixed PYSEC-2025-9999")
    assert "Fixed in: 0.5.4" in output


def test_uv_audit_fails_if_it_cannot_reach_the_database(terminal):
    """If `uv audit` cannot reach the advisory database, it exits with code 2, so the CI job
    fails."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    output = terminal.fails("UV_HTTP_RETRIES=0 uv audit --locked --service-url http://localhost:9")
    assert "/v1/querybatch" in output
    assert terminal.transcript[-1]["exit_code"] == 2


def test_the_locked_audit_fails_on_a_stale_lockfile(terminal, database):
    """`uv audit --locked` fails if the lockfile is out of date, before it asks about any
    package."""
    terminal.write("pyproject.toml", PROJECT.replace("asgiref==3.11.1", "asgiref==3.10.0"))
    assert "needs to be updated" in terminal.fails(database.audit)
    assert database.queries == []


SBOM = "uv export --quiet --locked --no-default-groups --group prod --format cyclonedx1.5"
LISTED = (
    "python3 -c \"import json; parts = json.load(open('sbom.json'))['components']; "
    "print(*sorted(part['name'] + '==' + part['version'] for part in parts), sep='\\n')\""
)


def test_the_sbom_lists_exactly_what_uv_sync_installs(terminal):
    """With the group options of the install step, `uv export --format cyclonedx1.5` writes an SBOM
    of exactly the packages and versions that this step installs. It leaves out the packages of the
    `dev` group."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv sync --locked --no-default-groups --group prod")
    terminal.run(f"{SBOM} > sbom.json")
    installed = terminal.run("uv pip freeze")
    assert terminal.run(LISTED) == installed == "asgiref==3.11.1\niniconfig==2.3.0"


def test_the_sbom_lists_packages_for_other_platforms(terminal):
    """The SBOM that `uv export` writes also lists packages that the lockfile contains only for
    other operating systems, so it can list more packages than `uv sync` installs. The property
    `uv:package:marker` states the condition under which uv installs such a package."""
    on_windows = "\"colorama==0.4.6; sys_platform == 'win32'\""
    terminal.write(
        "pyproject.toml", PROJECT.replace('"iniconfig==2.3.0"', f'"iniconfig==2.3.0", {on_windows}')
    )
    terminal.run("uv lock")
    terminal.run("uv sync --locked --no-default-groups --group prod")
    terminal.run(f"{SBOM} > sbom.json")
    assert "colorama" not in terminal.run("uv pip freeze")
    assert "colorama==0.4.6" in terminal.run(LISTED)
    assert "sys_platform == 'win32'" in terminal.run("grep -A1 uv:package:marker sbom.json")


def test_two_sboms_of_one_lockfile_differ(terminal):
    """Each SBOM that `uv export` writes contains a new serial number and the current time, so two
    SBOMs of the same lockfile differ."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run(f"{SBOM} > first.json")
    terminal.run(f"{SBOM} > second.json")
    terminal.fails("cmp --quiet first.json second.json")
    without = "grep -v -e serialNumber -e timestamp"
    terminal.run(f"cmp <({without} first.json) <({without} second.json)")


def test_exclude_newer_replaces_versions_that_are_newer(terminal):
    """If you add `exclude-newer` to a project, `uv lock` replaces every locked version that was
    uploaded after the date with an older one. `uv lock --upgrade` then also ignores versions after
    the date."""
    terminal.write("pyproject.toml", ONE_DEPENDENCY.format("sqlparse<=0.5.4"))
    terminal.run("uv lock")
    assert 'version = "0.5.4"' in terminal.run("grep version uv.lock")
    terminal.write("pyproject.toml", ONE_DEPENDENCY.format("sqlparse<=0.5.4") + DATE)
    terminal.run("uv lock")
    assert 'version = "0.5.3"' in terminal.run("grep version uv.lock")
    terminal.run("uv lock --upgrade")
    assert 'version = "0.5.3"' in terminal.run("grep version uv.lock")


def test_exclude_newer_hides_a_security_release(terminal):
    """With `exclude-newer`, `uv lock` fails if you require a release that was uploaded after the
    date, such as a security release. If `exclude-newer-package` sets this package to `false`, uv
    ignores the date for this package."""
    terminal.write("pyproject.toml", ONE_DEPENDENCY.format("sqlparse==0.5.4") + DATE)
    assert "sqlparse==0.5.4" in terminal.fails("uv lock")
    terminal.write(
        "pyproject.toml",
        ONE_DEPENDENCY.format("sqlparse==0.5.4")
        + DATE
        + "exclude-newer-package = { sqlparse = false }\n",
    )
    terminal.run("uv lock")
    assert "exclude-newer-package" in terminal.run("grep exclude-newer uv.lock")
    assert 'version = "0.5.4"' in terminal.run("grep version uv.lock")


def test_exclude_newer_finds_nothing_without_upload_times(terminal):
    """With `exclude-newer`, uv ignores every file of an index that does not state when files were
    uploaded, so `uv lock` finds no version of a private package. If `exclude-newer-package` sets
    the package to `false`, uv accepts these files."""
    write_wheel(terminal.home / "index/prices", "prices")
    with folder_server(terminal.home / "index") as origin:
        terminal.ports[int(origin.rpartition(":")[2])] = 8080
        index = DEFAULT_INDEX.format(origin)
        terminal.write("pyproject.toml", ONE_DEPENDENCY.format("prices") + DATE + index)
        assert "is missing an upload date" in terminal.fails("uv lock")
        exception = "exclude-newer-package = { prices = false }\n"
        terminal.write("pyproject.toml", ONE_DEPENDENCY.format("prices") + DATE + exception + index)
        terminal.run("uv lock")
        assert "exclude-newer-package" in terminal.run("grep exclude-newer uv.lock")


def test_no_build_in_pyproject_toml_refuses_a_source_distribution(terminal):
    """With `no-build = true` under `[tool.uv]`, `uv lock` and `uv sync` refuse a package that has
    no wheel instead of running the code in its source distribution."""
    terminal.write("pyproject.toml", NO_WHEEL)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", f"{NO_WHEEL}no-build = true\n")
    assert "is marked as `--no-build`" in terminal.fails("uv sync --locked")
    terminal.run("rm uv.lock")
    assert "docopt==0.6.2 has no usable wheels" in terminal.fails("uv lock")


def test_no_build_package_refuses_the_source_distribution_of_one_package(terminal):
    """With `no-build-package` under `[tool.uv]`, uv refuses the source distributions of the
    packages that you list, but still builds other packages."""
    terminal.write("pyproject.toml", NO_WHEEL)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", f'{NO_WHEEL}no-build-package = ["docopt"]\n')
    assert "is marked as `--no-build`" in terminal.fails("uv sync --locked")
    terminal.write("pyproject.toml", f'{NO_WHEEL}no-build-package = ["asgiref"]\n')
    terminal.run("uv sync --locked")
