"""Every name of an example has a mark in the files that kits are made of."""

import pytest

from guide import Problem
from guide.content import kit_sources
from guide.kit.kits import MODULE, built_answers
from guide.machine import node


@pytest.fixture
def declare(tmp_path, monkeypatch):
    """A function that changes a text of kit_names.toml for the test."""

    def change(old, new):
        text = kit_sources.NAMES_FILE.read_text()
        assert old in text
        path = tmp_path / "kit_names.toml"
        path.write_text(text.replace(old, new, 1))
        monkeypatch.setattr(kit_sources, "NAMES_FILE", path)
        return kit_sources.kit_sources()

    return change


def test_a_marked_text_that_the_file_does_not_contain_is_named(declare):
    with pytest.raises(Problem, match=r"Dockerfile does not contain 'RUN COPY statuspage"):
        declare('"COPY «settings» «settings»"', '"RUN COPY «settings» «settings»"')


def test_a_name_without_a_mark_is_named(declare):
    with pytest.raises(Problem, match=r"contains the port in 'EXPOSE 8000', which"):
        declare('    "EXPOSE «port»",\n', "")


def test_a_text_that_the_file_does_not_contain_is_named(declare):
    with pytest.raises(Problem, match=r"does not contain '# CairoSVG writes"):
        declare("# CairoSVG loads", "# CairoSVG writes")


def test_a_word_that_the_file_does_not_contain_is_named(declare):
    with pytest.raises(Problem, match=r"does not contain 'A kiosk'"):
        declare('words = ["A shop with an API"]', 'words = ["A kiosk"]')


READ_PATHS = """({ sources, answers }) => {
  const unread = new Map();
  for (const [name, example] of Object.entries(sources.examples)) {
    unread.set(name, new Set(Object.keys(example.files)));
    const get = (texts, path) => (unread.get(name).delete(path), texts[path]);
    example.files = new Proxy(example.files, { get });
  }
  const names = { libraries: ["libpq5"], headers: ["libpq-dev"] };
  for (const each of answers) module.makeKit({ answers: each, names }, sources);
  for (const each of answers) module.makeKit({ answers: each }, sources);
  return Object.fromEntries([...unread].map(([name, paths]) => [name, [...paths]]));
}"""


def test_each_declared_file_is_in_a_kit():
    sources, answers = kit_sources.kit_sources(), built_answers()
    public = [each for each in answers if each["private"] == "none"]
    answers += [each | {"ci": ci} for each in public for ci in ("gitlab", "github")]
    unread = node.call(MODULE, READ_PATHS, {"sources": sources, "answers": answers})
    assert unread == {name: [] for name in sources["examples"]}
