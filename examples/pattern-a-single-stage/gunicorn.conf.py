"""gunicorn reads this file by itself from the working directory."""

bind = "0.0.0.0:8000"

# Threads, not many processes: SQLite has one writer at a time anyway.
# WEB_CONCURRENCY in the environment changes the number of processes.
workers = 1
threads = 4

# The heartbeat file, in memory: the root file system may be read-only.
worker_tmp_dir = "/dev/shm"

# Nothing here uses gunicorn's control socket, and it would need a writable place.
control_socket_disable = True

# After SIGTERM, requests have this many seconds to finish.
graceful_timeout = 4

accesslog = "-"
