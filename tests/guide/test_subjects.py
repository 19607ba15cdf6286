"""scripts/record and scripts/bench offer exactly the subjects that the package implements."""

import subprocess
import sys

import pytest

from guide import ROOT
from guide.bench import command as bench
from guide.record import command as record

SUBJECTS = {
    "record": {*record.OF_EXAMPLES, *record.SUBJECTS, "claims", "uv-versions", "all"},
    "bench": {*bench.SUBJECTS, bench.PIPELINES, "all"},
}


@pytest.mark.parametrize("script", SUBJECTS)
def test_each_subject_is_offered_and_no_other(script: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / script), "no-such-subject"]
    errors = subprocess.run(command, capture_output=True, text=True, timeout=30).stderr
    offered = errors.partition("(choose from ")[2].strip(")\n").replace("'", "")
    assert {*offered.split(", ")} == SUBJECTS[script]
