"""Image size, cache mounts and users"""

import re

import pytest

from guide.content.examples import examples
from guide.engine.isolated import empty_cache_mounts
from guide.engine.running import fresh_builder
from guide.engine.uv import PYTHON_IMAGE

UV = examples()[0].uv_image
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1", "sqlparse==0.5.5"]
"""
WITH_DJANGO = PROJECT.replace('["', '["django==5.2.8", "')
ONE_MORE = PROJECT.replace('["', '["iniconfig==2.3.0", "')
COPY_UV = f"COPY --from={UV} /uv /bin/\n"
START = f"FROM {PYTHON_IMAGE}\n{COPY_UV}WORKDIR /app\nCOPY pyproject.toml uv.lock ./\n"
USER = "RUN useradd --create-home --uid 10001 app && chown app /app\nUSER 10001\n"
COUNTS = "^(Prepared|Installed) "
UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


def write(docker, dockerfile, project=PROJECT):
    docker.write("pyproject.toml", project)
    docker.run("uv lock")
    docker.write("Dockerfile", dockerfile)


def sizes(docker, layers):
    """Return the sizes of an image's last layers in bytes, the last layer first."""
    show = "docker history --format '{{.Size}}  {{.CreatedBy}}' shop"
    lines = docker.run(f"{show} | head -n {layers}").splitlines()
    sizes = [re.match(r"([\d.]+)([kMG]?B)", line) for line in lines]
    return [float(match[1]) * UNITS[match[2]] for match in sizes]


def test_with_a_cache_mount_only_the_new_package_is_downloaded(docker):
    """After you add a dependency, a build with a cache mount prepares (downloads or builds) only
    the new package, because the other packages are already in the mount."""
    docker.hidden += empty_cache_mounts()
    write(docker, f"{START}RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked\n")
    assert docker.build(shown=COUNTS).prepared == 2
    docker.write("pyproject.toml", ONE_MORE)
    docker.run("uv lock")
    assert docker.build(shown=COUNTS).prepared == 1


def test_from_a_cache_mount_uv_copies(docker):
    """When uv installs packages from a cache mount, it warns that it copies the files instead of
    creating hard links. `UV_LINK_MODE=copy` silences the warning."""
    mount = "--mount=type=cache,target=/root/.cache/uv"
    write(docker, f"{START}RUN {mount} uv sync --locked\n")
    assert "warning" in docker.build(shown="^warning").output
    docker.write("Dockerfile", f"{START}RUN {mount} UV_LINK_MODE=copy uv sync --locked\n")
    assert "warning" not in docker.build(shown="^warning").output


def test_without_a_cache_mount_each_install_downloads_everything(docker):
    """After you add a dependency, a build without a cache mount prepares (downloads or builds)
    every package, not only the new one."""
    write(docker, f"{START}RUN uv sync --locked\n")
    assert docker.build(shown=COUNTS).prepared == 2
    docker.write("pyproject.toml", ONE_MORE)
    docker.run("uv lock")
    assert docker.build(shown=COUNTS).prepared == 3


@pytest.mark.xdist_group("second engine")
def test_cache_to_exports_layers_and_no_cache_mount(docker, engine):
    """`--cache-to` exports layers but not the contents of cache mounts. A fresh CI runner can
    therefore reuse the exported layers of unchanged steps, but its cache mounts are empty."""
    docker.write(
        "Dockerfile",
        f"""\
FROM {PYTHON_IMAGE}
COPY views.py /
RUN --mount=type=cache,target=/cache ls /cache && touch /cache/kept
""",
    )
    with fresh_builder(engine, PYTHON_IMAGE) as runner:
        docker.engine, docker.hidden = runner, ["--network=none"]
        docker.write("views.py", "one = 1\n")
        docker.build("--cache-to=type=local,dest=../cache,mode=max")
        docker.write("views.py", "two = 2\n")
        assert "kept" in docker.build(shown="kept").output
        docker.run("docker buildx prune --all --force > /dev/null")
        docker.write("views.py", "one = 1\n")
        assert docker.build("--cache-from=type=local,src=../cache").ran == []
        docker.write("views.py", "two = 2\n")
        last = docker.build("--cache-from=type=local,src=../cache", shown="kept")
        assert last.ran
        assert "kept" not in last.output
        docker.engine = engine


def test_a_cache_mount_belongs_to_root(docker):
    """By default, a cache mount belongs to root. A step that runs as another user and tries to
    write to the mount fails with `Permission denied`."""
    docker.hidden += empty_cache_mounts()
    mount = "RUN --mount=type=cache,target=/home/app/.cache/uv"
    write(docker, f"{START}{USER}{mount} uv sync --locked\n")
    assert "Permission denied" in docker.build_fails()


def test_with_uid_another_user_writes_to_a_cache_mount(docker):
    """If a cache mount sets `uid=` to a non-root user's ID, that user can write to the mount. As a
    result, the user's home directory in the image contains none of uv's cache files."""
    docker.hidden += empty_cache_mounts()
    mount = "RUN --mount=type=cache,target=/home/app/.cache/uv,uid=10001"
    write(docker, f"{START}{USER}{mount} uv sync --locked\n")
    docker.build()
    assert docker.start("find /home/app -path '*/.cache/uv/*'") == ""


def test_a_cache_mount_in_another_users_home_is_not_used(docker):
    """If the build runs as a non-root user, uv does not use a cache mount at `/root/.cache/uv`, so
    its cache ends up in the layer."""
    mount = "RUN --mount=type=cache,target=/root/.cache/uv"
    write(docker, f"{START}{USER}{mount} uv sync --locked\n")
    docker.build()
    assert "archive" in docker.start("ls /home/app/.cache/uv")


def test_without_a_cache_mount_the_cache_is_in_the_layer_as_hard_links(docker):
    """Without a cache mount or `UV_NO_CACHE`, uv's cache ends up in the layer. The cache takes up
    little extra space, because its files are hard links to the installed files."""
    write(docker, f"{START}RUN UV_NO_CACHE=1 uv sync --locked\n", WITH_DJANGO)
    docker.build()
    [without] = sizes(docker, 1)
    docker.run("sed -i 's/UV_NO_CACHE=1 //' Dockerfile")
    docker.build()
    assert "archive" in docker.start("ls /root/.cache/uv")
    assert sizes(docker, 1)[0] < 1.1 * without


def test_a_cache_from_an_earlier_layer_is_copied(docker):
    """If one `RUN` leaves uv's cache in the image and a later `RUN` installs packages from that
    cache, the image contains every package twice: once in the layer of each `RUN`."""
    write(docker, f"{START}RUN UV_NO_CACHE=1 uv sync --locked\n", WITH_DJANGO)
    docker.build()
    [once] = sizes(docker, 1)
    fill = "RUN UV_PROJECT_ENVIRONMENT=/tmp/venv uv sync --locked && rm -r /tmp/venv\n"
    docker.write("Dockerfile", f"{START}{fill}RUN uv sync --locked\n")
    docker.build()
    later, cache = sizes(docker, 2)
    assert min(later, cache) > 0.8 * once


def test_link_mode_copy_without_a_cache_mount_doubles_the_layer(docker):
    """With `UV_LINK_MODE=copy` but without a cache mount, uv stores every package twice in the
    layer: once in the virtual environment and once in uv's cache."""
    write(docker, f"{START}RUN uv sync --locked\n", WITH_DJANGO)
    docker.build()
    [without] = sizes(docker, 1)
    docker.run("sed -i 's/RUN uv/RUN UV_LINK_MODE=copy uv/' Dockerfile")
    docker.build()
    assert sizes(docker, 1)[0] > 1.8 * without


def test_chown_in_a_run_of_its_own_doubles_the_bytes(docker):
    """If one `RUN` installs files and a later `RUN` changes their owner with `chown -R`, the image
    contains a second copy of every file whose owner changes."""
    install = "RUN uv sync --locked --no-cache\nRUN chown -R 10001 /app\n"
    write(docker, START + install, WITH_DJANGO)
    docker.build()
    owned, installed = sizes(docker, 2)
    assert owned > 0.9 * installed > 1e7


def test_copy_with_chown_has_the_bytes_once(docker):
    """If you copy a virtual environment from another stage with `COPY --chown`, the copied files
    belong to the new owner, and the image stores them only once."""
    build = START.replace("\n", " AS build\n", 1) + "RUN uv sync --locked --no-cache\n"
    run = f"FROM {PYTHON_IMAGE}\nCOPY --from=build --chown=10001 /app /app\n"
    write(docker, f"{build}\n{run}", WITH_DJANGO)
    docker.build("--target=build")
    [installed] = sizes(docker, 1)
    docker.build()
    assert docker.start("stat --format=%u /app/.venv") == "10001"
    assert sizes(docker, 1)[0] < 1.1 * installed


def test_uv_copied_into_the_image_costs_its_size(docker):
    """Copying uv into an image adds more than 30 MB."""
    write(docker, f"{START}RUN uv sync --locked --no-cache\n")
    docker.build()
    assert sizes(docker, 4)[3] > 30e6


def test_uv_from_a_bind_mount_leaves_nothing(docker):
    """Bind-mounting uv makes it available in a single `RUN` without adding it to the image."""
    mount = f"RUN --mount=from={UV},source=/uv,target=/bin/uv"
    install = f"{mount} \\\n    uv sync --locked --no-cache\n"
    write(docker, START.replace(COPY_UV, "") + install)
    docker.build()
    docker.start_fails("ls /bin/uv")
    assert max(sizes(docker, 3)) < 3e6


def test_what_a_later_run_removes_stays_in_the_image(docker):
    """If one `RUN` installs files and a later `RUN` removes them, the files still take up space in
    the image. If a single `RUN` both installs and removes the files, they take up no space."""
    docker.write(
        "Dockerfile",
        f"""\
FROM {PYTHON_IMAGE}
{COPY_UV}RUN uv venv
RUN uv pip install --no-cache ruff==0.14.5
RUN uv pip uninstall ruff
RUN uv pip install --no-cache ruff==0.14.5 && uv pip uninstall ruff
""",
    )
    docker.build()
    both, removed, installed = sizes(docker, 3)
    assert installed > 2e7 > 5 * max(both, removed)


def test_each_container_compiles_again_what_it_imports(docker):
    """If an image contains no `.pyc` files for its packages, Python has to compile the imported
    modules again in each new container."""
    write(docker, f"{START}RUN uv sync --locked\n")
    docker.build()
    count = "find .venv -path '*/asgiref/*.pyc' | wc -l"
    look = f"{count}; .venv/bin/python -c 'import asgiref.sync'; {count}"
    first, second = docker.start(f'sh -c "{look}"'), docker.start(f'sh -c "{look}"')
    assert first == second
    before, after = first.split()
    assert int(before) == 0 < int(after)
