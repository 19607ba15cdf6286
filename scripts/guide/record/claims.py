"""Record the transcripts of claims that held."""

import re

from guide.content.claims import claim
from guide.engine.terminal import Terminal
from guide.record import recording
from guide.start.environment import UV_VERSION


def record(name: str, terminal: Terminal) -> None:
    """Keep the transcript of a claim that held, with the sentence and the versions it held with."""
    engine = getattr(terminal, "engine", None)
    origin = recording.provenance(engine, uv=UV_VERSION)
    content = {"sentence": claim(name).sentence, "transcript": terminal.transcript}
    recording.write(f"claims/{name}", {"recorded": origin, **content})


def stable(transcript: list[dict]) -> list[dict]:
    """A transcript without the sizes in it, which are recorded and not compared."""
    sizes = re.compile(r"\b\d+(\.\d+)?[kMG]?B\b")
    return [
        {
            name: sizes.sub("…B", value) if name == "output" else value
            for name, value in each.items()
        }
        for each in transcript
    ]
