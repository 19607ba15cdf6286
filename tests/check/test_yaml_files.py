"""YAML files are read with the lines of their values."""

import pytest

from guide import ROOT
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/yaml-files.js"
# JSON has no maps, so entries become objects. A value that contains itself is left out.
READ = """(text) => {
    const shown = (node, above = []) => {
        if (node === undefined || above.includes(node)) return null;
        const { line, lastLine, text, items, entries } = node;
        const within = [...above, node];
        return {
            line, lastLine, text,
            items: items?.map((each) => shown(each, within)),
            entries: entries && Object.fromEntries([...entries].map(
                ([name, each]) => [name, { line: each.line, node: shown(each.node, within) }]
            )),
        };
    };
    return shown(module.readYaml(text));
}"""


def read(text):
    return node.call(MODULE, READ, text)


def plain(shown):
    """Return the value of a node without lines."""
    if shown is None:
        return None
    if "items" in shown:
        return [plain(each) for each in shown["items"]]
    if "entries" in shown:
        return {name: plain(each["node"]) for name, each in shown["entries"].items()}
    return shown["text"]


def test_values_are_read_as_texts():
    text = "a: 1\nb: [x, 'y', true]\nc:\n  d: |\n    e\n    f\n  g: null\nh: ~\ni:\n"
    assert plain(read(text)) == {
        "a": "1",
        "b": ["x", "y", "true"],
        "c": {"d": "e\nf\n", "g": ""},
        "h": "",
        "i": "",
    }


def test_lines_are_those_of_names_and_values():
    entries = read("a:\n  - x\n  - y\n\nb: |\n  c\n  d\n")["entries"]
    assert (entries["a"]["line"], entries["b"]["line"]) == (1, 5)
    items = entries["a"]["node"]["items"]
    assert [(each["line"], each["lastLine"]) for each in items] == [(2, 2), (3, 3)]
    block = entries["b"]["node"]
    assert (block["line"], block["lastLine"]) == (5, 7)


def test_aliases_and_merged_maps():
    text = "x: &x { a: 1, b: 2 }\ny: &y { b: 3, c: 4 }\nz: { <<: [*x, *y], c: 5 }\nw: *x\n"
    value = plain(read(text))
    assert value["z"] == {"a": "1", "b": "2", "c": "5"}
    assert value["w"] == value["x"]


def test_a_value_can_contain_itself():
    assert plain(read("a: &a { b: *a, c: 1 }\n")) == {"a": {"b": None, "c": "1"}}


def test_the_first_document_counts():
    assert plain(read("a: 1\n---\nb: 2\n")) == {"a": "1"}


def test_tags_of_gitlab():
    assert plain(read("a: !reference [.b, script]\n")) == {"a": [".b", "script"]}


@pytest.mark.parametrize("text", ["", "a: [", "a: b: c", "\0", "just text"])
def test_what_is_no_map_is_left_out(text):
    assert read(text) is None
