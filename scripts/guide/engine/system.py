"""The environment of system programs."""

import os


def admin_environ() -> dict[str, str]:
    """Return this environment with the folders of system programs on PATH.

    `su` leaves them out.
    """
    return {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
