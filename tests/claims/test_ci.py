"""CI: what a cache keeps from one job to the next"""

from guide.engine.running import fresh_builder
from guide.engine.uv import PYTHON_IMAGE

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["iniconfig==2.3.0"]
"""
# Has no wheel on the index.
BUILT = PROJECT.replace("iniconfig==2.3.0", "docopt==0.6.2")


def test_cache_prune_ci_removes_what_was_downloaded(terminal):
    """`uv cache prune --ci` removes wheels that were downloaded: the next job downloads them
    again."""
    kept_in_the_project(terminal, PROJECT)
    terminal.run("rm -r .venv")
    output = terminal.fails("UV_CACHE_DIR=.uv-cache uv sync --locked --offline")
    assert "Failed to download `iniconfig==2.3.0`" in output


def test_cache_prune_ci_keeps_what_was_built(terminal):
    """`uv cache prune --ci` keeps wheels that were built on the machine: the next job builds
    nothing."""
    kept_in_the_project(terminal, BUILT)
    terminal.run("rm -r .venv")
    terminal.run("UV_CACHE_DIR=.uv-cache uv sync --locked --offline")
    assert terminal.installed() == ["docopt"]


def kept_in_the_project(terminal, pyproject):
    """A job: its cache is a folder of the project, and is pruned at the end."""
    terminal.write("pyproject.toml", pyproject)
    terminal.run("UV_CACHE_DIR=.uv-cache uv sync")
    terminal.run("UV_CACHE_DIR=.uv-cache uv cache prune --ci")


STAGES = f"""\
FROM {PYTHON_IMAGE} AS packages
RUN echo installed > /packages

FROM {PYTHON_IMAGE}
COPY views.py /
COPY --from=packages /packages /
"""
INSTALL = "RUN echo installed > /packages"


def test_without_mode_max_other_stages_are_not_exported(docker, engine):
    """Without `mode=max`, `--cache-to` leaves out the layers of stages that are not in the image:
    on a new runner, an edit of the code installs again."""
    assert INSTALL in on_a_new_runner(docker, engine, "")


def test_with_mode_max_every_stage_is_exported(docker, engine):
    """With `mode=max`, `--cache-to` exports the layers of every stage: on a new runner, an edit
    of the code does not install again."""
    assert INSTALL not in on_a_new_runner(docker, engine, ",mode=max")


def on_a_new_runner(docker, engine, mode):
    """Build and export; then edit the code and build where nothing is but what was exported.
    Returns the steps that ran."""
    docker.write("Dockerfile", STAGES)
    with fresh_builder(engine, PYTHON_IMAGE) as runner:
        docker.engine, docker.hidden = runner, ["--network=none"]
        docker.write("views.py", "one = 1\n")
        docker.build(f"--cache-to=type=local,dest=../cache{mode}")
        docker.run("docker buildx prune --all --force > /dev/null")
        docker.write("views.py", "two = 2\n")
        last = docker.build("--cache-from=type=local,src=../cache")
        docker.engine = engine
    return last.ran
