"""Clear away what a run that was killed has left: its engine, its mounts and its network."""

import shutil
from pathlib import Path

from guide.engine import network, system
from guide.engine.filesystem import unmount
from guide.machine.progress import doing


def recover(file: Path) -> None:
    """Restore what the state file of a killed run says. Only who holds the engine's lock may."""
    state = network.read_state(file)
    if state is None:
        return
    with doing("engine", "restoring what a run that was killed has changed"):
        folder = Path(state.folder)
        system.end_engine(folder)
        unmount(lambda _, path: path.is_relative_to(folder))
        shutil.rmtree(folder, ignore_errors=True)
        network.restore(file)
