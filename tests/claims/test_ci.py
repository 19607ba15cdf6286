"""Caching in CI"""

from contextlib import contextmanager

from guide.ci.network import DIND_IMAGE
from guide.engine.docker import LABEL
from guide.engine.running import fresh_builder
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.waiting import wait_until

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["iniconfig==2.3.0"]
"""
# docopt has no wheel on the index, so uv builds it from source.
BUILT = PROJECT.replace("iniconfig==2.3.0", "docopt==0.6.2")


def test_cache_prune_ci_removes_what_was_downloaded(terminal):
    """`uv cache prune --ci` removes downloaded wheels from the cache, so the next job has to
    download them again."""
    kept_in_the_project(terminal, PROJECT)
    terminal.run("rm -r .venv")
    output = terminal.fails("UV_CACHE_DIR=.uv-cache uv sync --locked --offline")
    assert "Failed to download `iniconfig==2.3.0`" in output


def test_cache_prune_ci_keeps_what_was_built(terminal):
    """`uv cache prune --ci` keeps the wheels that uv built from source, so the next job does not
    have to build them again."""
    kept_in_the_project(terminal, BUILT)
    terminal.run("rm -r .venv")
    terminal.run("UV_CACHE_DIR=.uv-cache uv sync --locked --offline")
    assert terminal.installed() == ["docopt"]


def kept_in_the_project(terminal, pyproject):
    """Run a job that keeps its cache in a folder of the project and prunes the cache at the end."""
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
    """Without `mode=max`, `--cache-to` does not export layers from earlier build stages. If the
    install step is in an earlier stage, a fresh CI runner therefore has to rerun that step after a
    code edit."""
    assert INSTALL in on_a_new_runner(docker, engine, "")


def test_with_mode_max_every_stage_is_exported(docker, engine):
    """With `mode=max`, `--cache-to` exports the layers from every build stage. A fresh CI runner
    therefore does not have to rerun the install step after a code edit, even if that step is in an
    earlier stage."""
    assert INSTALL not in on_a_new_runner(docker, engine, ",mode=max")


def on_a_new_runner(docker, engine, mode):
    """Build, export the layers, edit the code, and build again with the exported layers alone.
    Return the steps that ran in the second build."""
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


LIBRARIES = "RUN date +%s.%N > /libraries"


def test_layers_from_a_cache_stay_old_until_no_cache_filter(docker, engine):
    """If a fresh CI runner imports layers with `--cache-from`, Docker does not rerun a `RUN` step
    whose command and base image are unchanged, even if running the command today would give a
    different result. To make Docker rebuild a stage despite `--cache-from`, pass the stage's name
    to `--no-cache-filter`."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE} AS base\n{LIBRARIES}\n\nFROM base\n")
    cache = "--cache-from=type=local,src=../cache"
    with fresh_builder(engine, PYTHON_IMAGE) as runner:
        docker.engine, docker.hidden = runner, ["--network=none"]
        docker.build("--cache-to=type=local,dest=../cache,mode=max")
        docker.run("docker buildx prune --all --force > /dev/null")
        assert docker.build(cache).ran == []
        docker.run("docker buildx prune --all --force > /dev/null")
        assert docker.build(cache, "--no-cache-filter=base").ran == [LIBRARIES]
        docker.engine = engine


def test_only_the_containerd_image_store_exports_layers(docker):
    """With Docker's default builder, `--cache-to=type=local` can export layers only if the engine
    uses the containerd image store. If the engine uses the older image store, a build with
    `--cache-to=type=local` fails."""
    docker.engine.need_images([DIND_IMAGE])
    build = "docker build --cache-to=type=local,dest=/tmp/cache,mode=max ."
    with docker_in_docker(docker, "containerd-snapshotter=false"):
        assert "containerd image store" in typed_in_container(docker, build, code=1)
    with docker_in_docker(docker, "containerd-snapshotter=true"):
        typed_in_container(docker, f"{build} && ls /tmp/cache", code=0)


@contextmanager
def docker_in_docker(docker, feature):
    """Run a Docker engine with one feature set, in a container with a Dockerfile."""
    options = ("--detach", "--privileged", "--label", LABEL, "--name", docker.container)
    docker.engine.docker("run", *options, DIND_IMAGE, f"--feature={feature}")
    docker.keep(f"dockerd --feature={feature} &", "")
    try:
        wait_until(
            lambda: in_container(docker, "docker version").returncode == 0,
            timeout=60,
            failing="Docker in Docker did not start",
        )
        in_container(docker, "printf 'FROM scratch\nCOPY Dockerfile /\n' > Dockerfile")
        yield
    finally:
        docker.engine.docker("rm", "--force", "--volumes", docker.container)


def in_container(docker, script):
    arguments = ("exec", "--workdir=/tmp", docker.container, "sh", "-c", f"exec 2>&1; {script}")
    return docker.engine.docker(*arguments, check=False)


def typed_in_container(docker, script, code):
    """Run a script, keep its last lines in the transcript, and return them."""
    done = in_container(docker, script)
    output = docker.normalised("\n".join(done.stdout.splitlines()[-2:]))
    docker.keep(script, output, done.returncode)
    assert done.returncode == code, done.stdout
    return output
