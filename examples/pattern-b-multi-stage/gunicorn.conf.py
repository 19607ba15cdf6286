"""gunicorn automatically reads this file from the working directory."""

import os

# Listen on all interfaces. The default, 127.0.0.1, cannot be reached from
# outside the container.
bind = "0.0.0.0:8000"

# Rendering a PDF keeps one process busy, so set WEB_CONCURRENCY to the number
# of CPUs that the container can use.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# While one thread renders a PDF, the other threads serve pages and answer the
# health check.
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

accesslog = "-"
