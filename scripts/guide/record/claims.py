"""Record the transcripts of claims."""

import re

from guide.content import recordings
from guide.content.claims import Claim, claim
from guide.content.recording_types import ClaimRecording, TypedCommand, WrittenFile
from guide.engine.terminal import DockerTerminal, Terminal
from guide.machine.progress import console
from guide.record import recording
from guide.start.environment import UV_VERSION


def record_claim(name: str, terminal: Terminal) -> None:
    """Write the recording of a claim whose test has passed.

    If the sentence has changed and the test has not, print both, because the test may prove the
    old sentence only.
    """
    recorded = claim(name)
    if name in recordings.names("claims"):
        for line in unproven_change(recordings.claim(name), recorded):
            console.print(line, soft_wrap=True, markup=False)
    engine = terminal.engine if isinstance(terminal, DockerTerminal) else None
    content = {
        "recorded": recording.make_provenance(engine, uv=recorded.until or UV_VERSION),
        "sentence": recorded.sentence,
        "asserted": [*recorded.asserted],
        "transcript": terminal.transcript,
    }
    recording.write_recording(f"claims/{name}", content)


def unproven_change(before: ClaimRecording, now: Claim) -> list[str]:
    """Return lines about a claim whose sentence has changed without its test, or no lines."""
    if before["sentence"] == now.sentence or before.get("asserted") != [*now.asserted]:
        return []
    return [
        f"{now.name}: the sentence has changed, and its test has not. Read both:",
        f"  before:  {before['sentence']}",
        f"  now:     {now.sentence}",
        *(f"  asserts: {line}" for line in now.asserted),
    ]


def without_sizes(transcript: list[WrittenFile | TypedCommand]) -> list[dict[str, object]]:
    """Return a transcript without the sizes in its output, which are not compared."""
    sizes = re.compile(r"\b\d+(\.\d+)?[kMG]?B\b")
    return [
        {
            name: sizes.sub("…B", str(value)) if name == "output" else value
            for name, value in each.items()
        }
        for each in transcript
    ]
