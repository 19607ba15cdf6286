"""The marker evaluator agrees with the library `packaging`."""

from itertools import product
from random import Random

import pytest
from packaging.markers import Marker, default_environment

from guide import ROOT
from guide.machine import node

CHECK = ROOT / "docs/assets/js/check"
MATCHES = """(calls) => calls.map(([marker, environment, extras]) => {
    try {
        return module.matches(marker, environment, new Set(extras));
    } catch (error) {
        return String(error);
    }
})"""
PYTHONS = ["3.9.18", "3.11", "3.12.0", "3.13.0rc1", "3.14.2"]
PLATFORMS = ["linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"]
MARKERS = [
    "sys_platform == 'win32'",
    "sys_platform != 'win32' and platform_machine == 'x86_64'",
    "os_name == 'nt' or (platform_system == 'Linux' and platform_machine != 'aarch64')",
    "python_version < '3.10'",
    "python_version >= '3.9' and python_version < '3.13'",
    "python_full_version < '3.12'",
    "python_full_version == '3.12.*'",
    "python_full_version != '3.12.*' or implementation_name == 'pypy'",
    "python_full_version ~= '3.11.0'",
    "python_full_version >= '3.13.0b1'",
    "'3.12' <= python_version",
    "'linux' in sys_platform",
    "sys_platform in 'linux darwin'",
    "sys_platform not in 'linux darwin'",
    "platform_python_implementation == 'CPython'",
    "sys_platform>='linux'and\tos_name==\"posix\"",
    "((os_name == 'posix'))",
    "os_name == 'nt' and os_name == 'nt' or os_name == 'posix'",
    "extra == 'pdf'",
    "extra == 'PDF_' or extra == 's-3'",
    "platform.machine == 'x86_64' and python_implementation == 'CPython'",
]


def environments():
    """Return the environments of CPython in several versions and on several platforms."""
    pairs = [*product(PYTHONS, PLATFORMS)]
    function = "(pairs) => pairs.map((pair) => module.markerEnvironment(...pair))"
    return node.call(CHECK / "interpreter.js", function, pairs)


def matches(*calls):
    return node.call(CHECK / "markers.js", MATCHES, calls)


def test_markers_match_in_the_same_environments_as_in_packaging():
    calls = [*product(MARKERS, environments(), ([], ["pdf"]))]
    expected = [
        Marker(marker).evaluate({**environment, "extra": "".join(extras)})
        for marker, environment, extras in calls
    ]
    assert {True, False} == set(expected)
    assert matches(*calls) == expected


def random_marker(source, depth=3):
    """Return a random marker."""
    if depth and source.random() < 0.7:
        inside = [random_marker(source, depth - 1) for _ in range(2)]
        text = f" {source.choice(['and', 'or'])} ".join(inside)
        return f"({text})" if source.random() < 0.5 else text
    name = source.choice(["os_name", "sys_platform", "platform_machine", "python_full_version"])
    # uv and packaging read a list of versions differently.
    operators = ["==", "!=", "<", ">="] if "version" in name else ["==", "!=", "in", "not in"]
    value = source.choice(["3.12", "3.9.18"] if "version" in name else ["linux", "nt", "x86_64"])
    return f"{name} {source.choice(operators)} '{value}'"


def test_nested_markers_match_as_in_packaging():
    source = Random(1)
    markers = [random_marker(source) for _ in range(200)]
    calls = [(*pair, []) for pair in product(markers, environments())]
    expected = [Marker(marker).evaluate(environment) for marker, environment, _ in calls]
    assert {True, False} == set(expected)
    assert matches(*calls) == expected


def test_versions_are_compared_with_each_version_of_a_list():
    environment = {"python_version": "3.1"}
    assert matches(
        ("python_version in '3.10 3.11'", environment, []),
        ("python_version in '3.9, 3.1'", environment, []),
        ("python_version not in '3.10 3.11'", environment, []),
    ) == [False, True, True]


def test_extras_are_compared_by_their_normalised_names():
    assert matches(
        ("extra == 'Big_Files'", {}, ["big-files"]),
        ("'big.files' in extras", {}, ["big-files"]),
        ("extra != 'big-files'", {}, ["big-files"]),
        ("'dev' not in dependency_groups", {}, []),
    ) == [True, True, False, True]


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("", "The marker is incomplete."),
        ("os_name ==", "The marker is incomplete."),
        ("os_name == 'nt' or", "The marker is incomplete."),
        ("(os_name == 'nt'", "A parenthesis in the marker is not closed."),
        ("os_name == 'nt')", "“)” is unexpected in the marker."),
        ("os_name 'nt'", "“'nt'” is unexpected in the marker."),
        ("os_name == 'nt' $ x", "The marker is not understood from “$ x” on."),
        ("'nt' == 'nt'", "The marker compares two literals."),
        ("moon == 'full'", "“moon” is not a name that markers can use."),
    ],
)
def test_a_faulty_marker_is_named(marker, message):
    assert matches((marker, {"os_name": "nt"}, [])) == [f"Error: {message}"]


def test_the_environment_of_this_python_is_the_one_that_packaging_reads():
    here = default_environment()
    function = "([version, platform]) => module.markerEnvironment(version, platform)"
    platform = f"{here['platform_system'].lower()}/{here['platform_machine']}"
    environment = node.call(
        CHECK / "interpreter.js", function, [here["python_full_version"], platform]
    )
    unknown = {"platform_release", "platform_version"}
    assert {name: environment[name] for name in environment if name not in unknown} == {
        name: here[name] for name in environment if name not in unknown
    }


@pytest.mark.parametrize(
    ("request_", "version"),
    [
        ("3.14", "3.14"),
        ("python3.12", "3.12"),
        ("cpython@3.13.1", "3.13.1"),
        ("/usr/bin/python3.12", "3.12"),
        ("==3.11.*", None),
        ("pypy@3.10", None),
        ("/opt/venv", None),
    ],
)
def test_the_version_in_a_request_for_a_python(request_, version):
    function = "(request) => module.requestedVersion(request) ?? null"
    assert node.call(CHECK / "interpreter.js", function, request_) == version


def test_the_platform_of_a_target():
    targets = ["linux", "windows", "macos", "aarch64-unknown-linux-gnu", "x86_64-apple-darwin"]
    function = "(targets) => targets.map(module.targetPlatform)"
    assert node.call(CHECK / "interpreter.js", function, targets) == [
        *("linux/amd64", "windows/amd64", "darwin/arm64", "linux/aarch64", "darwin/x86_64")
    ]
