"""Spelling, grammar and phrases of everything that readers see.

Harper and typos check what they can. `phrases.toml` lists phrases that are not used, with what to
write instead. `words.txt` lists the words that Harper's dictionary lacks.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guide import ROOT
from guide.content.agent_rules import agent_rules
from guide.content.claims import claims
from guide.content.error_answers import answers
from guide.content.examples import examples
from guide.machine.commands import tool

FOLDER = Path(__file__).parent
PHRASES = tomllib.loads((FOLDER / "phrases.toml").read_text())
# The rules of Harper that raise no false alarms about technical English and Markdown with macros.
RULES = (
    "LongSentences",
    "PronounVerbAgreement",
    "RepeatedWords",
    "SpellCheck",
)
FRONT_MATTER_FIELDS = ("title", "description")


@dataclass(frozen=True)
class Text:
    """A Markdown text without macros and code blocks, and where each of its lines comes from."""

    origins: tuple[str, ...]
    lines: tuple[str, ...]


def texts() -> dict[str, Text]:
    """Return everything that readers see, keyed by a name."""
    pages = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    found = {str(path.relative_to(ROOT)): page_text(path) for path in pages}
    sentences = {claim.test: plain(claim.sentence) for claim in claims().values()}
    found["claims.md"] = joined((Path(test).name, text) for test, text in sentences.items())
    found["comments.md"] = joined(comments())
    found["answers.md"] = joined(answer_texts())
    found["agent_rules.md"] = joined(agent_rule_texts())
    return found


def joined(parts: Iterator[tuple[str, str]]) -> Text:
    """Return paragraphs as one text."""
    pairs = [pair for part in parts for pair in (part, ("", ""))]
    return Text(*zip(*pairs, strict=True))


def page_text(path: Path) -> Text:
    """Return a page with its macros replaced by a word or by nothing."""
    lines = without_macros(path.read_text()).splitlines()
    if lines and lines[0] == "---":
        end = lines.index("---", 1)
        lines[: end + 1] = [front_matter_value(line) for line in lines[: end + 1]]
    origins = [f"{path.relative_to(ROOT)}:{number}" for number in range(1, len(lines) + 1)]
    return Text(tuple(origins), tuple(lines))


def without_macros(text: str) -> str:
    """Return a Markdown text without macros, addresses and attributes."""
    text = re.sub(
        r"\[\[%.*?%\]\]|<!--.*?-->", lambda match: f" {blank_lines(match)}", text, flags=re.DOTALL
    )
    text = re.sub(r"\s*\[\[\[ mark\(.*?\) \]\]\]", blank_lines, text, flags=re.DOTALL)
    text = re.sub(
        r"\[\[\[.*?\]\]\]", lambda match: f"`x`{blank_lines(match)}", text, flags=re.DOTALL
    )
    text = re.sub(r"\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
    text = re.sub(r"\{[ :.#][^}\n]*\}|</?[a-z][^>\n]*>", "", text)
    return plain(text)


def answer_texts() -> Iterator[tuple[str, str]]:
    """Iterate over the paragraphs of the answers to error messages, each with its answer."""
    for answer in answers():
        for text in (answer.symptom, answer.cause, answer.fix):
            for paragraph in re.split(r"\n\s*\n|\n(?=- )", without_macros(text)):
                yield f"the answer {answer.name}", " ".join(paragraph.split())


def agent_rule_texts() -> Iterator[tuple[str, str]]:
    """Iterate over the rules for coding agents, each with the section that contains it."""
    for section in agent_rules().sections:
        for rule in section.rules:
            yield f"agent_rules.toml, {section.title}", plain(rule.rule)


def plain(text: str) -> str:
    """Return a text without what no dictionary has: file names, commits, letters of patterns."""
    text = re.sub(r"(?<![`\w])[\w./-]*\.(py|md|ya?ml|json|toml|sh|conf|gitignore)\b", "`x`", text)
    text = re.sub(r"\b(?=[a-f]*\d)[0-9a-f]{4,}\b", "", text)
    text = re.sub(r"\b[\w-]+/[\w/-]+\b", "`x`", text)
    text = re.sub(r"\b([A-Z])\.(?=\s|$)", r"\1 .", text)
    return re.sub(r"(?<=[\w`])'s\b", "", text)


def blank_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def front_matter_value(line: str) -> str:
    name, _, value = line.partition(": ")
    return value.strip('"') if name in FRONT_MATTER_FIELDS else ""


def comments() -> Iterator[tuple[str, str]]:
    """Iterate over the comments in the examples' files, each with its file and first line."""
    for folder in sorted({each.folder for each in examples()}):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".toml", ".yaml", ".yml"} or "Dockerfile" in path.name:
                yield from comments_of(path)


def comments_of(path: Path) -> Iterator[tuple[str, str]]:
    words: list[str] = []
    for number, line in enumerate([*path.read_text().splitlines(), ""], 1):
        match = re.match(r"\s*# (.*)", line)
        if match and "hadolint" not in line:
            words.append(match[1])
        elif words:
            yield f"{path.relative_to(ROOT)}:{number - len(words)}", plain(" ".join(words))
            words = []


@pytest.fixture(scope="module")
def all_texts() -> dict[str, Text]:
    return texts()


@pytest.fixture(scope="module")
def grammar(all_texts: dict[str, Text], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What Harper finds, one line each."""
    folder = tmp_path_factory.mktemp("texts")
    files = {}
    for number, (name, text) in enumerate(all_texts.items()):
        path = folder / f"{number}.md"
        path.write_text("\n".join(text.lines) + "\n")
        files[path.name] = name
    rules = (option for rule in RULES for option in ("--only", rule))
    options = (
        "--quiet",
        "--format",
        "json",
        "--dialect",
        "gb",
        "--user-dict-path",
        FOLDER / "words.txt",
        *rules,
    )
    done = tool("harper", "--no-color", "lint", *options, *sorted(folder.iterdir()))
    return [
        f"{all_texts[files[file['file']]].origins[lint['line'] - 1]}: {lint['message']} "
        f"({lint['rule']}: {lint['matched_text']!r})"
        for file in json.loads(done.stdout)
        for lint in file["lints"]
    ]


def test_grammar_and_spelling(grammar: list[str]) -> None:
    """A word that Harper does not know belongs into words.txt, if it is one."""
    assert not grammar, "\n".join(["Harper found:", *grammar])


def test_no_phrase_that_has_a_better_one(all_texts: dict[str, Text]) -> None:
    found = [
        f"{origin}: {match[0]!r}: write {better}"
        for text in all_texts.values()
        for origin, line in zip(text.origins, text.lines, strict=True)
        for phrase, better in PHRASES.items()
        for match in re.finditer(rf"\b{phrase}\b", re.sub(r"`[^`]*`", "", line), re.IGNORECASE)
    ]
    assert not found, "\n".join(["Phrases to replace:", *found])


def test_typos() -> None:
    folders = ("docs", "examples", "scripts", "tests", ".github", "README.md", "CONTRIBUTING.md")
    done = tool("typos", "--format", "brief", *folders)
    assert done.returncode == 0, done.stdout
