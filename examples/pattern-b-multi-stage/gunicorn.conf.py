"""gunicorn reads this file by itself from the working directory."""

import os

# Every interface: inside a container, the default reaches nobody.
bind = "0.0.0.0:8000"

# Drawing a PDF keeps one process busy. Set WEB_CONCURRENCY to the number of
# processors that the container may use.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# While one thread draws, the others answer pages and the health check.
threads = 4

# Load the code once, before the processes part: less memory, and an error in
# the settings is told once.
preload_app = True

# The heartbeat file, in memory: the root file system may be read-only.
worker_tmp_dir = "/dev/shm"

# The control socket would need a writable place, and nothing here uses it.
control_socket_disable = True

# After SIGTERM, requests have this many seconds to finish. Docker kills after 10.
graceful_timeout = 8

accesslog = "-"
