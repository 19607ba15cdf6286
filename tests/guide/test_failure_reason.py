"""Find the line in the output of a program that states why it failed."""

import pytest

from guide.machine.commands import reason

UV_HINT = """\
Using CPython 3.14.2
error: No solution found when resolving dependencies
  cause: Because sqlparse was not found and your project depends on it, we can conclude that
      your requirements are unsatisfiable.

hint: Packages were unavailable because the network was disabled.
"""
UV_CAUSES = """\
error: Failed to fetch: `https://packages.example.com/simple/sqlparse/`
  Caused by: Request failed after 3 retries
  Caused by: failed to lookup address information: Name or service not known
"""
UV_USAGE = """\
error: unexpected argument '--foo' found

Usage: uv sync [OPTIONS]

For more information, try '--help'.
"""
GIT = """\
Cloning into 'shop'...
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
GIT_PUSH = """\
error: failed to push some refs to 'origin'
hint: Updates were rejected because the remote contains work that you do not have.
"""
DOCKER_RUN = """\
docker: Error response from daemon: driver failed programming external connectivity

Run 'docker run --help' for more information
"""
PIP = """\
ERROR: Could not find a version that satisfies the requirement shop (from versions: none)
ERROR: No matching distribution found for shop
[notice] A new release of pip is available: 25.0 -> 26.0
"""
IPTABLES = """\
iptables v1.8.9 (nf_tables): Chain 'SHOP' does not exist
Try `iptables -h' or 'iptables --help' for more information.
"""
NPM = """\
npm error code ENOTCACHED
npm error request to https://npm.example.com/shop failed: cache mode is 'only-if-cached'
npm error A complete log of this run can be found in: /root/.npm/_logs/debug-0.log
"""
NPM_FILE = """\
npm error code ENOENT
npm error syscall open
npm error path /shop/package.json
npm error errno -2
npm error enoent Could not read package.json
npm error enoent
"""
APT = """\
Reading package lists...
E: Unable to locate package dnsmasq-bose
"""
MKDOCS = """\
ERROR   -  Config value 'theme': Unrecognised theme name: 'materiel'
INFO    -  Documentation built in 0.01 seconds

Aborted with a configuration error!
"""
PYTEST = """\
FAILED tests/test_views.py::test_home - assert 404 == 200
========= 1 failed, 12 passed in 1.24s =========
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "<string>", line 1, in <module>
ModuleNotFoundError: No module named 'gunicorn'
"""


@pytest.mark.parametrize(
    ("output", "line"),
    [
        pytest.param(
            UV_HINT,
            "error: No solution found when resolving dependencies: Because sqlparse was not found "
            "and your project depends on it, we can conclude that",
            id="uv, then a hint",
        ),
        pytest.param(
            UV_CAUSES,
            "error: Failed to fetch: `https://packages.example.com/simple/sqlparse/`: "
            "failed to lookup address information: Name or service not known",
            id="uv, with causes",
        ),
        pytest.param(UV_USAGE, "error: unexpected argument '--foo' found", id="uv, then usage"),
        pytest.param(GIT, "fatal: Could not read from remote repository.", id="git"),
        pytest.param(GIT_PUSH, "error: failed to push some refs to 'origin'", id="git push"),
        pytest.param(DOCKER_RUN, DOCKER_RUN.splitlines()[0], id="docker run"),
        pytest.param(PIP, "ERROR: No matching distribution found for shop", id="pip"),
        pytest.param(IPTABLES, IPTABLES.splitlines()[0], id="iptables"),
        pytest.param(NPM, NPM.splitlines()[1], id="npm"),
        pytest.param(NPM_FILE, NPM_FILE.splitlines()[4], id="npm, after codes and paths"),
        pytest.param(APT, "E: Unable to locate package dnsmasq-bose", id="apt"),
        pytest.param(MKDOCS, MKDOCS.splitlines()[0], id="mkdocs"),
        pytest.param(PYTEST, PYTEST.splitlines()[0], id="pytest"),
        pytest.param(TRACEBACK, "ModuleNotFoundError: No module named 'gunicorn'", id="Python"),
        pytest.param("first\n  second  \n\n", "second", id="no error line"),
        pytest.param("", "it gave no reason", id="no output"),
    ],
)
def test_reason_is_the_error_and_not_what_follows_it(output: str, line: str) -> None:
    assert reason(output) == line


def test_a_full_disk_comes_first() -> None:
    output = f"write /small: No space left on device\n{UV_HINT}"
    assert reason(output).startswith("the disk is full")
