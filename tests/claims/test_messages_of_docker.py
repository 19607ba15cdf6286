"""Error messages of Docker, and of uv in containers"""

from guide.content.examples import examples
from guide.engine.uv import PYTHON_IMAGE

UV = examples()[0].uv_image
PYPROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["{}"]
"""
START = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
WORKDIR /app
"""
SYNC = """\
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
"""
SCRIPT = f"""\
FROM {PYTHON_IMAGE}
COPY start.sh /
CMD ["/start.sh"]
"""
# The virtual environment's link to Python leads through a folder that only root can read, as with a
# Python that uv downloaded into /root.
PYTHON_BELOW_ROOT = """\
RUN ln -s $(readlink -f .venv/bin/python) /root/python && chmod 700 /root
RUN ln -sf /root/python .venv/bin/python
USER 10001
"""


def write(docker, dockerfile, dependency="iniconfig==2.3.0"):
    docker.write("pyproject.toml", PYPROJECT.format(dependency))
    docker.run("uv lock --quiet")
    docker.write("Dockerfile", dockerfile)


def test_uv_needs_a_cache_folder_in_a_container(docker):
    """If a container runs as a user without a home folder, `uv run` fails because it cannot create
    its cache folder. With `UV_CACHE_DIR=/tmp/uv`, it starts the program."""
    write(docker, START + SYNC)
    docker.build()
    command = "uv run --no-sync python -c print(1)"
    user = "--user 10002:0 --env HOME=/"
    assert "Permission denied" in docker.start_fails(command, user)
    assert docker.start(command, f"{user} --env UV_CACHE_DIR=/tmp/uv") == "1"


def test_a_python_below_root_does_not_start_for_another_user(docker):
    """If the link to the virtual environment's Python leads through a folder that only root can
    read, such as `/root`, `uv run` fails for other users."""
    write(docker, START + SYNC + PYTHON_BELOW_ROOT)
    docker.build()
    run = docker.start_fails("uv run --no-sync python", "--env UV_CACHE_DIR=/tmp/uv")
    assert "failed to canonicalize" in run


def test_a_start_script_needs_a_first_line(docker):
    """A container does not start if its command is a script without a `#!` line."""
    docker.write("start.sh", "exec python --version\n")
    docker.run("chmod +x start.sh")
    docker.write("Dockerfile", SCRIPT)
    docker.build()
    assert "exec format error" in docker.start_fails()


def test_a_start_script_has_to_be_executable(docker):
    """A container does not start if its command is a script that is not executable. With `COPY
    --chmod=755`, it starts."""
    docker.write("start.sh", "#!/bin/sh\nexec python --version\n")
    docker.run("chmod -x start.sh")
    docker.write("Dockerfile", SCRIPT)
    docker.build()
    assert "permission denied" in docker.start_fails()
    docker.write("Dockerfile", SCRIPT.replace("COPY", "COPY --chmod=755"))
    docker.build()
    docker.start()


def test_a_start_script_with_windows_line_endings_does_not_start(docker):
    """A container does not start if its command is a script with Windows line endings. The message
    says that the file does not exist."""
    docker.write("start.sh", "#!/bin/sh\nexec python --version\n")
    docker.run("chmod +x start.sh && sed -i 's/$/\\r/' start.sh")
    docker.write("Dockerfile", SCRIPT)
    docker.build()
    assert "no such file or directory" in docker.start_fails()


def test_a_bind_mount_keeps_the_mode_of_a_file(docker):
    """If only you can read `pyproject.toml` on your machine, a step that runs as another user and
    reads the file through a bind mount fails with `Permission denied`."""
    mounts = " ".join(
        f"--mount=type=bind,source={name},target={name}" for name in ("pyproject.toml", "uv.lock")
    )
    write(
        docker,
        f"{START}RUN chown 10001 /app\nUSER 10001\nENV HOME=/tmp\nRUN {mounts} uv sync --locked\n",
    )
    docker.run("chmod 600 pyproject.toml")
    assert "Permission denied" in docker.build_fails()


def test_copy_from_does_not_expand_variables(docker):
    """`COPY --from` does not expand the variables of `ARG`. A stage whose `FROM` line contains the
    variable works."""
    image, _, version = UV.partition(":")
    copy = f"ARG UV={version}\nFROM {PYTHON_IMAGE}\nARG UV\nCOPY --from={image}:${{UV}} /uv /bin/\n"
    docker.write("Dockerfile", copy)
    assert "variable expansion is not supported for --from" in docker.build_fails()
    stage = f"ARG UV={version}\nFROM {image}:${{UV}} AS uv\n"
    docker.write("Dockerfile", f"{stage}FROM {PYTHON_IMAGE}\nCOPY --from=uv /uv /bin/\n")
    docker.build()


def test_the_name_of_an_image_has_no_uppercase_letters(docker):
    """`docker build` rejects an image name that contains uppercase letters."""
    docker.write("Dockerfile", "FROM scratch\n")
    assert "must be lowercase" in docker.fails("docker build --tag Example/Web .")


def test_celery_beat_needs_a_folder_that_it_can_write_to(docker):
    """`celery beat` fails if its user cannot write to the working directory. With `--schedule
    /tmp/celerybeat-schedule`, it does not write there."""
    write(
        docker,
        START + SYNC + 'ENV PATH="/app/.venv/bin:$PATH"\nCOPY tasks.py ./\nUSER 10001\n',
        "celery==5.5.3",
    )
    docker.write(
        "tasks.py", 'from celery import Celery\n\napp = Celery("shop", broker="memory://")\n'
    )
    docker.build()
    beat = "celery -A tasks beat --pidfile="
    # The error is printed several times, also in a log line with its time.
    find = "grep --only-matching --max-count=1 PermissionError:.*"
    output = docker.start(f"sh -c '{beat} 2>&1 | {find}'")
    assert "Permission denied: 'celerybeat-schedule'" in output
    schedule = "/tmp/celerybeat-schedule"
    run = f"timeout 10 {beat} --schedule {schedule} > /dev/null 2>&1"
    assert docker.start(f"sh -c '{run}; ls {schedule}'") == schedule
