"""gunicorn automatically reads this file from the working directory."""

# Listen on all interfaces. The default, 127.0.0.1, cannot be reached from
# outside the container.
bind = "0.0.0.0:8000"

# The worker process is asynchronous. To use more than one process, set
# WEB_CONCURRENCY in the environment.
worker_class = "uvicorn_worker.UvicornWorker"

# Keep the worker's heartbeat file in memory, because the root file system may
# be read-only.
worker_tmp_dir = "/dev/shm"

# Disable the control socket, because it needs a writable folder and nothing
# uses it.
control_socket_disable = True

# Give open requests this many seconds to finish after SIGTERM. Keep the value
# below 10, because Docker sends SIGKILL after 10 seconds.
graceful_timeout = 4

accesslog = "-"
