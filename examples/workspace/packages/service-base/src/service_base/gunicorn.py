"""gunicorn reads this module with `--config python:service_base.gunicorn`."""

# Listen on all interfaces. The default, 127.0.0.1, cannot be reached from
# outside the container.
bind = "0.0.0.0:8000"

# One process with threads is enough for SQLite, which allows one writer at a
# time. To use more processes, set WEB_CONCURRENCY in the environment.
threads = 4

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
