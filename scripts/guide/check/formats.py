"""The findings in the formats of other programs."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from guide.check.folders import CheckedDockerfile, Finding
from guide.content.release import guide_version

Results = list[tuple[Path, list[CheckedDockerfile]]]

# The annotations of GitHub, and the levels of SARIF.
_GITHUB = {"breaks": "error", "slow": "warning", "risky": "warning", "untidy": "notice"}
_SARIF = {"error": "error", "warning": "warning", "notice": "note"}


def findings(results: Results) -> Iterator[tuple[str, Finding]]:
    """Yield every finding with the path of its file from the working directory.

    Dockerfiles can share files such as compose.yaml. What is found there is yielded once.
    """
    earlier = set()
    for folder, dockerfiles in results:
        for each in (finding for dockerfile in dockerfiles for finding in dockerfile["findings"]):
            path = relative(folder / each["file"])
            key = (path, each["line"], each["rule"], each["message"])
            if key not in earlier:
                earlier.add(key)
                yield path, each


def relative(path: Path) -> str:
    """Return a path from the working directory."""
    return os.path.relpath(path)


def as_json(results: Results) -> str:
    """Return everything that is known about each Dockerfile. Paths start at its folder."""
    dockerfiles = [
        {
            "folder": relative(folder),
            **{key: value for key, value in each.items() if key != "fixed"},
        }
        for folder, checked in results
        for each in checked
    ]
    content = {"version": 1, "guide": guide_version(), "dockerfiles": dockerfiles}
    return json.dumps(content, indent=2)


def as_github(results: Results) -> str:
    """Return commands that make GitHub annotate the lines of a pull request."""
    return "\n".join(
        f"::{_GITHUB[each['severity']]} file={_property(path)},line={each['line']},"
        f"endLine={each['lastLine']},title={_property(each['title'])}::"
        f"{_escaped(each['message'] + ' ' + each['advice'])}"
        for path, each in findings(results)
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(results: Results) -> str:
    """Return a log in version 2.1.0 of the Static Analysis Results Interchange Format."""
    listed = [*findings(results)]
    rules = {each["rule"]: each for _, each in listed}
    names = sorted(rules)
    driver = {
        "name": "Django images with uv",
        "semanticVersion": guide_version(),
        "rules": [
            {
                "id": name,
                "shortDescription": {"text": rules[name]["title"]},
                "help": {"text": rules[name]["advice"]},
                "defaultConfiguration": {"level": _level(rules[name])},
            }
            for name in names
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "results": [_sarif_result(path, each, names) for path, each in listed],
            }
        ],
    }
    return json.dumps(log, indent=2)


def _sarif_result(path: str, finding: Finding, names: list[str]) -> dict[str, object]:
    region = {"startLine": finding["line"], "endLine": finding["lastLine"]}
    location = {"artifactLocation": {"uri": Path(path).as_posix()}, "region": region}
    return {
        "ruleId": finding["rule"],
        "ruleIndex": names.index(finding["rule"]),
        "level": _level(finding),
        "message": {"text": finding["message"]},
        "locations": [{"physicalLocation": location}],
    }


def _level(finding: Finding) -> str:
    return _SARIF[_GITHUB[finding["severity"]]]
