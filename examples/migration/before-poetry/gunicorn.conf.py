"""gunicorn reads this file by itself from the working directory."""

# Every interface: inside a container, the default reaches nobody.
bind = "0.0.0.0:8000"

# Django is asynchronous here. For more processes, set WEB_CONCURRENCY in the
# environment.
worker_class = "uvicorn_worker.UvicornWorker"

# The heartbeat file, in memory: the root file system may be read-only.
worker_tmp_dir = "/dev/shm"

# The control socket would need a writable place, and nothing here uses it.
control_socket_disable = True

# After SIGTERM, requests have this many seconds to finish. Docker kills after 10.
graceful_timeout = 4

accesslog = "-"
