"""Kits with names at their ugliest are valid, and no name becomes a command or another line."""

import re
import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from guide.content.dockerfile import Dockerfile
from guide.content.kit_sources import kit_sources
from guide.kit.kits import MODULE
from guide.machine import node
from oracle import OPTIONS

DECLARED = node.call(MODULE.with_name("answers.js"), "() => module.NAMES", None)
SOURCES = kit_sources()
MAKE = "({ sources, choices }) => choices.map((choice) => module.makeKit(choice, sources))"
# How many kits one Node process makes.
BATCH = 10
UGLY = {
    "project": ["on", "1", "json", "a.b-c_d", "A" * 214],
    "settings": ["json", "_", "platform", "x" * 100],
    "packages": [["test", "code"], ["_private"], ["a" * 100, "B"]],
    "static": [["a-b/c.d/static"], ["x/" * 30 + "y"]],
    "folders": [["locale", "e-mails.d"]],
    "module": ["", "json.Prod_1"],
    "code": ["", "src", "a-b/c.d"],
    "variables": [["A", "a=1", "A=2", "_b=https://x.example:1/y"], []],
    "indexUser": ["", "__token__", "a.b@c+d-e_f"],
    "port": ["65535", "1024"],
    "extras": [["a.b-c_d"], ["S3", "x" * 60]],
    "libraries": [["libstdc++6", "libpangoft2-1.0-0"]],
    "headers": [["g++", "libboost1.83-dev"]],
    "indexName": ["my.own-index_2", "UPPER"],
    "indexUrl": ["https://a-b.example:8443/~x/%20/simple/", "http://localhost:1/"],
    "privatePackages": [["zope.interface", "A_b.C-d", "a-B_c.D"]],
    "gitHost": ["https://git.example.com:8443", "http://localhost:8418"],
}


def names():
    """A strategy for all names: the ugly ones above, and whatever the patterns allow."""
    fixed = {}
    for name in DECLARED:
        # No line ends: a pattern's `$` is not used, and the alphabet has only ASCII.
        texts = st.from_regex(name["pattern"], fullmatch=True).filter(str.isascii)
        is_list = isinstance(name["default"], list)
        free = st.lists(texts, max_size=3, unique=True) if is_list else texts
        ugly = UGLY.get(name["id"])
        fixed[name["id"]] = st.one_of(st.sampled_from(ugly), free) if ugly else free
    fixed["port"] = st.integers(1024, 65535).map(str)
    del fixed["middleware"]
    return st.fixed_dictionaries(fixed).map(with_module)


def with_module(own):
    """Put the settings module into the package with the settings."""
    module = own["module"] and f"{own['settings']}.{own['module']}"
    return own | {"module": module}


def answers():
    options = {question: st.sampled_from(values) for question, values in OPTIONS.items()}
    return st.fixed_dictionaries(options)


# Texts that mean more than a name to a shell, or that a file would need quotes for.
COMMANDS = ["a b", "a;b", "$(id)", "a\nb", "größe", '"', "'", "`id`", "-a", "a\\"]
CHOICES = st.fixed_dictionaries({"answers": answers(), "names": names()})


def make(choices):
    return node.call(MODULE, MAKE, {"sources": SOURCES, "choices": choices})


def texts_of(files):
    return {file["target"]: file["text"] for file in files}


def shape(texts):
    """Return the instructions of a Dockerfile with the number of their commands."""
    parsed = Dockerfile.parse(texts["Dockerfile"])
    return [(each.keyword, len(each.commands)) for each in parsed.instructions]


@settings(max_examples=3, deadline=None, suppress_health_check=[*HealthCheck], derandomize=True)
@given(st.lists(CHOICES, min_size=BATCH, max_size=BATCH))
def test_kits_with_ugly_names_are_valid(choices):
    results = make(choices)
    plain = make([{**each, "names": with_lengths(each["names"])} for each in choices])
    made = 0
    for choice, result, other in zip(choices, results, plain, strict=True):
        if "problem" in result:
            continue
        made += 1
        texts = texts_of(result["files"])
        assert shape(texts) == shape(texts_of(other["files"])), choice
        check_formats(texts, choice)
    assert made > 0


def with_lengths(own):
    """Return plain names, as many as the ugly ones."""
    lists = {
        name: [f"{name}{at}" for at, _ in enumerate(values)]
        for name, values in own.items()
        if isinstance(values, list)
    }
    module = {"module": "config.settings.live"} if own["module"] else {}
    return lists | module | {"settings": "config", "code": own["code"] and "src"}


def check_formats(texts, choice):
    for path, text in texts.items():
        if path.endswith((".yaml", ".yml")):
            assert isinstance(YAML(typ="safe").load(text), dict), path
        elif path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith(".py"):
            compile(text, path, "exec")
    names = choice["names"]
    compose = YAML(typ="safe").load(texts["compose.yaml"])
    if choice["answers"]["database"] == "postgresql":
        user = compose["services"]["db"]["environment"]["POSTGRES_USER"]
        assert re.fullmatch("[a-z][a-z0-9_]{0,62}", user), user
    lines = tomllib.loads(texts["to-merge/pyproject.toml"])
    if choice["answers"]["private"] == "index":
        (index,) = lines["tool"]["uv"]["index"]
        assert (index["name"], index["url"]) == (names["indexName"], names["indexUrl"])
        sources = lines["tool"]["uv"].get("sources", {})
        assert sources.keys() == {canonicalize_name(each) for each in names["privatePackages"]}
        assert [*sources.values()] == [{"index": names["indexName"]}] * len(sources)
    last = Dockerfile.parse(texts["Dockerfile"]).stages[-1].instructions[-1]
    assert last.arguments[1].startswith(f"{names['settings']}.")


def test_a_name_that_is_listed_twice_stands_once_in_each_file():
    names = {"privatePackages": ["A_b", "a-B"], "variables": ["KEY=1", "KEY", "KEY=2"]}
    (result,) = make([{"answers": {"private": "index", "ci": "gitlab"}, "names": names}])
    texts = texts_of(result["files"])
    merged = tomllib.loads(texts["to-merge/pyproject.toml"])
    assert merged["tool"]["uv"]["sources"] == {"a-b": {"index": "private"}}
    compose = YAML(typ="safe").load(texts["compose.yaml"])
    assert compose["services"]["web"]["environment"]["KEY"] == "2"
    assert texts["tests/settings.py"].count('"KEY"') == 1


def test_a_name_that_could_be_a_command_is_refused():
    answers = {"layout": "src", "system": "compiler", "private": "index"}
    # The kits above do not use these names.
    others = {"gitHost": {"private": "git"}, "code": {}}
    choices = [
        {"answers": own, "names": {name: text}} for name, own in others.items() for text in COMMANDS
    ]
    for name in DECLARED:
        if name["id"] not in others:
            values = [[text] if isinstance(name["default"], list) else text for text in COMMANDS]
            choices += [{"answers": answers, "names": {name["id"]: value}} for value in values]
    results = zip(choices, make(choices), strict=True)
    assert [choice["names"] for choice, result in results if "problem" not in result] == []


def test_a_package_that_python_cannot_import_is_refused():
    for result in make([{"names": {"settings": name}} for name in ("class", "None", "import")]):
        assert "settings: Package with settings.py" in result["problem"]


def test_postgresql_accepts_the_name_of_its_role():
    (result,) = make([{"answers": {"database": "postgresql"}, "names": {"project": "pg-stats"}}])
    (text,) = (each["text"] for each in result["files"] if each["target"] == "compose.yaml")
    assert "POSTGRES_USER: db_pg_stats" in text
