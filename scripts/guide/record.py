"""Making the recordings under docs/data/."""

import json
from dataclasses import asdict

from guide import engine as engines
from guide import layers, recordings, transcripts, traps
from guide.catalogue import Example, examples
from guide.engine import Engine
from guide.progress import console


def run(what: str, rounds: int) -> int:
    """Record `layers`, `runs`, `traps` or `all` of every example; returns an exit code."""
    with engines.opened() as engine:
        for example in examples():
            if what in {"layers", "all"}:
                _layers(engine, example, rounds)
            if what in {"runs", "all"}:
                _run(engine, example)
            if what in {"traps", "all"}:
                _save(engine, example, "traps", {"traps": traps.spring(engine, example)})
    return 0


def _save(engine: Engine, example: Example, kind: str, content: dict) -> None:
    origin = recordings.provenance(engine, example.uv_version)
    path = recordings.write(f"{kind}/{example.name}", {"recorded": origin, **content})
    console.print(f"wrote {path.relative_to(recordings.ROOT)}")


def _layers(engine: Engine, example: Example, rounds: int) -> None:
    measured = []
    for number in range(rounds):
        console.print(f"{example.name}: round {number + 1} of {rounds}")
        measured.append(layers.measure(engine, example))
    _save(engine, example, "layers", layers.recording(measured))


def _run(engine: Engine, example: Example) -> None:
    with transcripts.workplace(engine, example) as place:
        place.follow_readme()
        image = json.loads(engine.docker("image", "inspect", _image(place)).stdout)[0]
        inside = ("docker", "compose", "exec", "--no-TTY", "web")
        uv_size = place.run_quietly(*inside, "sh", "-c", 'stat -c %s "$(which uv)"')
        base = json.loads(engine.docker("image", "inspect", example.base_images[0]).stdout)[0]
        content = {
            "commands": [asdict(command) for command in place.commands],
            "packages": traps.packages(engine, _image(place)),
            # Bytes, as the engine counts them.
            "image_size": image["Size"],
            "base_image_size": base["Size"],
            "uv_size": int(uv_size),
        }
    _save(engine, example, "runs", content)


def _image(place: transcripts.Workplace) -> str:
    return place.run_quietly("docker", "compose", "images", "--quiet", "web").strip()
