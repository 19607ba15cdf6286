"""How much processor time this machine has used."""

import os
from pathlib import Path

# user, nice, system, irq and softirq; the columns between them are idle time.
BUSY_COLUMNS = (0, 1, 2, 5, 6)


def cpu_seconds(stat: Path = Path("/proc/stat")) -> float | None:
    """Return the CPU seconds of all processes since the machine started, containers included.

    None on a machine without /proc. The kernel does not count containers among the children of
    the process that asked Docker for them.
    """
    if not stat.exists():
        return None
    columns = stat.read_text().splitlines()[0].split()[1:]
    ticks = sum(int(columns[index]) for index in BUSY_COLUMNS)
    return ticks / os.sysconf("SC_CLK_TCK")
