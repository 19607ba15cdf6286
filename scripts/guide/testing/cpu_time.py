"""Measure the CPU time that this machine has used."""

import os
from pathlib import Path

# The columns user, nice, system, irq and softirq. The others are idle time.
BUSY_COLUMNS = (0, 1, 2, 5, 6)


def cpu_seconds(stat: Path = Path("/proc/stat")) -> float | None:
    """Return the CPU seconds of all processes since the machine started, containers included.

    Returns None on a machine without /proc. The times of child processes would not be enough,
    because containers are not children of the process that starts them through Docker.
    """
    if not stat.exists():
        return None
    columns = stat.read_text().splitlines()[0].split()[1:]
    ticks = sum(int(columns[index]) for index in BUSY_COLUMNS)
    return ticks / os.sysconf("SC_CLK_TCK")
