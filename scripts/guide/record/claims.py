"""Record the transcripts of claims."""

import re

from guide.content.claims import claim
from guide.content.recording_types import TypedCommand, WrittenFile
from guide.engine.terminal import DockerTerminal, Terminal
from guide.record import recording
from guide.start.environment import UV_VERSION


def record_claim(name: str, terminal: Terminal) -> None:
    """Write the recording of a claim whose test has passed."""
    engine = terminal.engine if isinstance(terminal, DockerTerminal) else None
    origin = recording.make_provenance(engine, uv=UV_VERSION)
    content = {"sentence": claim(name).sentence, "transcript": terminal.transcript}
    recording.write_recording(f"claims/{name}", {"recorded": origin, **content})


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
