"""The cases in the fixtures of the rules, and what Check answers about them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from guide import ROOT
from guide.content import recordings
from guide.content.check_rules import COMMENT, FIXTURES
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/repository.js"
CHECK = "({ grammar, inputs }) => inputs.map((input) => module.checkProject({ ...input, grammar }))"
EDIT = "(cases) => cases.map(({ input, edits }) => module.withEdits(input, edits))"
TEXTS = re.compile(r"(?:pyproject\.toml|\.sh|\.ya?ml|uv\.lock)$")


def check(inputs: list[dict[str, object]]) -> list[dict]:
    return node.call(MODULE, CHECK, {"grammar": recordings.uv_options(), "inputs": inputs})


@dataclass
class Case:
    """A Dockerfile with the lines that the rule must find, by their file."""

    rule: str
    title: str
    lines: list[str]
    project: str | None = None
    finds: set[tuple[str, int]] = field(default_factory=set)
    fine: int = 0

    @property
    def name(self) -> str:
        return f"{self.rule}: {self.title}"

    def input(self) -> dict[str, object]:
        return {"dockerfile": "\n".join(self.lines)} | (
            project(self.project) if self.project else {}
        )


def project(name: str) -> dict[str, object]:
    folder = FIXTURES / "projects" / name
    paths = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    ignored = paths.pop("dockerignore", None)
    texts = {name: path.read_text() for name, path in paths.items() if TEXTS.search(name)}
    found = {"files": dict.fromkeys(paths, ""), "texts": texts}
    return found | ({"dockerignore": ignored.read_text()} if ignored else {})


def commented(name: str) -> dict[str, str]:
    """Return the texts of a project's files whose comments can say what a rule finds."""
    content = project(name)
    return content["texts"] | {".dockerignore": content.get("dockerignore", "")}


def cases(path: Path) -> list[Case]:
    """Return the cases of a fixture. Their lines have the numbers that they have in the file."""
    result: list[Case] = []
    rule = path.name.removesuffix(".Dockerfile")
    for number, line in enumerate(path.read_text().splitlines(), 1):
        kind, text = match.groups() if (match := COMMENT.match(line)) else ("", "")
        if kind == "case":
            result.append(Case(rule, text, [""] * (number - 1)))
        case = result[-1]
        case.lines.append(line)
        if kind == "finds":
            case.finds.add(("", number + 1))
        elif kind == "fine":
            case.fine += 1
        elif kind == "files":
            case.project = text
            for name, content in commented(text).items():
                for at, each in enumerate(content.splitlines(), 1):
                    if each.strip().startswith(f"# finds {rule}"):
                        case.finds.add((name, at + 1))
    return result


CASES = [case for path in sorted(FIXTURES.glob("*.Dockerfile")) for case in cases(path)]


def edited(cases: list[Case], edits: list[list[dict]]) -> list[dict]:
    """Return the input of each case after edits."""
    argument = [
        {"input": case.input(), "edits": own} for case, own in zip(cases, edits, strict=True)
    ]
    return node.call(MODULE.with_name("fixes.js"), EDIT, argument)


def fix(finding: dict) -> list[dict]:
    return finding.get("fix", [])


def count(result: dict) -> dict[str, int]:
    """Return the number of findings of each rule."""
    rules = [each["rule"] for each in result["findings"]]
    return {rule: rules.count(rule) for rule in rules}
