"""The modules that make kits agree with the rules in oracle.py on many answers and names."""

import random
from itertools import chain

import pytest

from guide.content.kit_sources import kit_sources
from guide.kit.kits import MODULE
from guide.machine import node
from oracle import OPTIONS, Expected
from samples import sample_of_today

# The number of kits, and how many of them are made without --all.
COUNT, SAMPLE = 25_000, 8_000
# Of each kit, only what the oracle knows is returned, because the texts have a gigabyte.
FACTS = r"""({ sources, choices }) => {
  const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  const unique = (list) => [...new Set(list)].sort();
  const facts = (texts) => {
    const dockerfile = texts.Dockerfile.replaceAll("\\\n", " ").replaceAll(/^#.*\n/gm, "");
    const installs = all(dockerfile, /uv (?:sync|export) ([^|&\n]*)/g).filter(
      (options) => options.includes("--no-default-groups"));
    const packages = all(dockerfile, /apt-get install ([^&]*)/g).map((each) =>
      each.split(/\s+/).filter((word) => word && !/^--/.test(word)));
    const services = texts["compose.yaml"].split("\nservices:\n")[1].split(/\n(?=\S)/)[0];
    return {
      image: /^FROM (\S+)/m.exec(dockerfile)[1],
      stages: unique(all(dockerfile, /^FROM \S+(?: AS (\S+))?/gm).map((name) => name ?? "")),
      groups: unique(installs.flatMap((options) => all(options, /--group (\S+)/g))),
      extras: unique(installs.flatMap((options) => all(options, /--extra (\S+)/g))),
      secrets: unique(all(dockerfile, /type=secret,id=(\w+)/g)),
      port: /^EXPOSE (\d+)/m.exec(dockerfile)[1],
      command: JSON.parse(all(dockerfile, /^CMD (\[.*\])/gm).at(-1)),
      packages,
      psycopg: all(texts["to-merge/pyproject.toml"], /"psycopg\[([^\]]*)\]/g)
        .flatMap((extras) => extras.split(",")).sort(),
      volume: dockerfile.includes("\nENV DATABASE_PATH=/data/"),
      services: unique(all(services, /^  (\w+):/gm)),
    };
  };
  return choices.map((choice) => {
    const { files, refused } = module.makeKit(choice, sources);
    if (refused) return { refused };
    const texts = Object.fromEntries(files.map(({ target, text }) => [target, text]));
    return { refused: [], files: Object.keys(texts), facts: facts(texts) };
  });
}"""
# What Pattern B installs for each project.
OF_UBUNTU = {"ca-certificates", "tzdata", "python${PYTHON_VERSION}", "python${PYTHON_VERSION}-dev"}
NAMES = {
    "project": ["shop", "My.Shop", "status-page"],
    "settings": ["config", "web"],
    "port": ["8000", "9000", "1024"],
    "extras": [[], ["pdf"], ["pdf", "s3"]],
    "packages": [[], ["orders"], ["orders", "accounts"]],
    "static": [[], ["orders/static"], ["assets", "orders/static"]],
    "folders": [[], ["templates", "locale"]],
    "libraries": [["libcairo2"], ["libpq5", "gettext"]],
    "headers": [["gcc"], ["gcc", "libpq-dev"]],
}


def random_choices():
    source = random.Random(24)
    for _ in range(COUNT):
        names = {name: source.choice(values) for name, values in NAMES.items()}
        answers = {question: source.choice(options) for question, options in OPTIONS.items()}
        yield {"answers": answers, "names": names}


@pytest.fixture(scope="module")
def results(request):
    choices = [*random_choices()]
    if not request.config.option.all:
        choices = sample_of_today(choices, SAMPLE)
    argument = {"sources": kit_sources(), "choices": choices}
    return [*zip(choices, node.call(MODULE, FACTS, argument), strict=True)]


def test_kits_are_as_the_rules_say(results):
    for choice, result in results:
        expected = Expected(**choice)
        assert result["refused"] == expected.refused, choice
        if expected.refused:
            continue
        assert {*result["files"]} == expected.files, choice
        facts = result["facts"]
        packages = facts.pop("packages")
        size = len(expected.command)
        facts["command"] = facts["command"][:size]
        wanted = expected.facts
        assert {*chain(*packages)} - OF_UBUNTU - {"git"} == {
            *wanted.pop("libraries"),
            *wanted.pop("headers"),
        }, choice
        assert facts == wanted, choice


def test_the_answers_are_those_of_the_questions():
    questions = node.call(MODULE.with_name("answers.js"), "() => module.QUESTIONS", None)
    options = {each["id"]: [option["id"] for option in each["options"]] for each in questions}
    assert options == OPTIONS


def test_most_answers_have_a_kit_and_some_are_refused(results):
    refused = [result for _, result in results if result["refused"]]
    assert len(results) / 10 < len(refused) < len(results) / 2
