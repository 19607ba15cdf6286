"""The address keeps the answers and names of a kit, and says what has changed since."""

import pytest

from guide import ROOT
from guide.machine import node

MODULE = ROOT / "docs/assets/js/kit/address.js"
RELEASE = {
    "version": "1.10.0",
    "changes": [
        {"version": "1.10.0", "text": "The Dockerfile has a cache mount."},
        {"version": "1.2.0", "text": "Compose has a health check."},
    ],
}
NAMES = {
    "project": "my.shop",
    "settings": "config",
    "packages": ["orders", "accounts"],
    "headers": [],
    "port": "9000",
    "indexUrl": "https://packages.example.com/a%20b/simple/",
}
ANSWERS = {"layout": "src", "private": "index", "python": "3.13", "ci": "github"}


def round_trip(answers, names):
    function = """({ answers, names, release }) => {
      const hash = module.toHash(answers, names, release);
      return { hash, ...module.fromHash(hash, release) };
    }"""
    start = defaults()
    given = {"answers": start["answers"] | answers, "names": start["names"] | names}
    return given, node.call(MODULE, function, given | {"release": RELEASE})


def defaults():
    return node.call(MODULE.with_name("answers.js"), "() => module.defaults()", None)


def read(hash_):
    function = "({ hash, release }) => module.fromHash(hash, release)"
    return node.call(MODULE, function, {"hash": hash_, "release": RELEASE})


def test_an_address_gives_the_answers_and_names_back():
    given, result = round_trip(ANSWERS, NAMES)
    assert result.pop("changes") == []
    assert result.pop("hash").startswith("#kit=1.10.0&layout=src&private=index&python=3.13")
    assert result == given


def test_the_defaults_need_no_address():
    given, result = round_trip({}, {})
    assert result == {"hash": "", "changes": [], **given}


@pytest.mark.parametrize("private", ["index", "none"])
def test_a_password_does_not_get_into_the_address(private):
    url = "https://user:hunter2@packages.example.com/simple/"
    _, result = round_trip({"private": private}, {"project": "shop", "indexUrl": url})
    assert "hunter2" not in result["hash"]
    assert "project=shop" in result["hash"]


@pytest.mark.parametrize("hash_", ["", "#make-it-yours", "#choose=git"])
def test_another_hash_gives_the_defaults(hash_):
    assert read(hash_) == {**defaults(), "changes": []}


CACHE_MOUNT = "Changed in version 1.10.0: The Dockerfile has a cache mount."
PYTHON = (
    "The answer “3.10” to “Which Python version does your project use?” no longer exists. "
    "The kit has “3.14” instead."
)


@pytest.mark.parametrize(
    ("hash_", "changes"),
    [
        ("#kit=1.10.0&broker=redis", ["Kits no longer have the setting “broker”."]),
        ("#kit=1.10.0&python=3.10", [PYTHON]),
        ("#kit=1.10.1", ["This address was written by a newer version of the guide."]),
        ("#kit=2", ["This address was written by a newer version of the guide."]),
        ("#kit=1.2.0", [CACHE_MOUNT]),
        ("#kit=1.9", [CACHE_MOUNT]),
        # The addresses from before version 1.0.0.
        ("#kit=1", [CACHE_MOUNT, "Changed in version 1.2.0: Compose has a health check."]),
    ],
)
def test_an_address_of_another_version_says_what_has_changed(hash_, changes):
    result = read(hash_)
    assert result["changes"] == changes
    assert result["answers"] == defaults()["answers"]
