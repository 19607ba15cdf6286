"""Clean up after a killed run: stop its engine, unmount its mounts and restore the network."""

import shutil
from pathlib import Path

from guide.engine import network, system
from guide.engine.filesystem import unmount
from guide.machine.progress import doing


def recover(file: Path) -> None:
    """Clean up after the killed run that wrote the state file. Requires the engine's lock."""
    state = network.read_state(file)
    if state is None:
        return
    with doing("engine", "undoing the changes of a run that was killed"):
        folder = Path(state.folder)
        system.stop_engine(folder)
        unmount(lambda _, path: path.is_relative_to(folder))
        shutil.rmtree(folder, ignore_errors=True)
        network.restore(file)
