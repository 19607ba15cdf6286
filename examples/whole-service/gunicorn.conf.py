"""gunicorn automatically reads this file from the working directory."""

import os
from pathlib import Path

from event.logs import LOGGING

# How much memory a process of this service needs, with room to spare.
PROCESS_BYTES = 128 * 1024**2


# Where a container reads its memory limit, with cgroups of version 2 and 1.
LIMITS = [
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
]


def default_workers():
    """Return how many processes fit into the memory, at most two for each CPU."""
    most = 2 * os.process_cpu_count()
    for path in LIMITS:
        if path.exists() and (limit := path.read_text().strip()) != "max":
            return max(1, min(most, int(limit) // PROCESS_BYTES))
    return most


# Listen on all interfaces. The default, 127.0.0.1, cannot be reached from
# outside the container.
bind = "0.0.0.0:8000"

workers = int(os.environ.get("WEB_CONCURRENCY") or default_workers())

# While one thread waits for the database or the bucket, the other threads
# answer requests.
threads = 4

# Load the code once, before the worker processes start. This saves memory, and
# an error in the settings is reported only once.
preload_app = True

# Keep the worker's heartbeat file in memory, because the root file system may
# be read-only.
worker_tmp_dir = "/dev/shm"

# Disable the control socket, because it needs a writable folder and nothing
# uses it.
control_socket_disable = True

# Give open requests this many seconds to finish after SIGTERM. Keep the value
# below 10, because Docker sends SIGKILL after 10 seconds.
graceful_timeout = 8

# Log requests and errors in the same format as Django. The root logger, which
# has the handler, receives all entries.
accesslog = "-"
logconfig_dict = LOGGING | {
    "loggers": {
        "gunicorn.access": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
    }
}
