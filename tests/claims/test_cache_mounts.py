"""What a cache mount does not do: leave the builder, or open itself to other users."""

import pytest

from guide.build import BuildFailed, build
from guide.engine import PREFIX, fresh_builder
from guide.layers import LOCKING

LOOK = """\
FROM {image}
COPY changed /
RUN --network=none --mount=type=cache,target=/cache \\
    echo "in the mount: $(ls /cache)" && touch /cache/kept
"""

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.12"
dependencies = ["sqlparse"]
[tool.uv]
package = false
"""

# A build that does not run as root.
SYNC = """\
FROM {image}
RUN useradd --uid 10001 --create-home app && install --directory --owner app /app
USER 10001
WORKDIR /app
COPY pyproject.toml ./
RUN {mount} uv sync
"""


def test_cache_to_exports_the_layers_and_no_cache_mount(engine, tmp_path):
    """On a fresh runner the unchanged step is cached, and the changed one finds an empty mount."""
    folder, cache = tmp_path / "project", tmp_path / "cache"
    folder.mkdir()
    (folder / "Dockerfile").write_text(LOOK.format(image=LOCKING))
    (folder / "changed").write_text("first")
    engine.need_images([LOCKING])
    with fresh_builder(engine, LOCKING) as runner:

        def run(*arguments):
            return build(runner, folder, f"{PREFIX}/runner", *arguments)

        assert "in the mount: \n" in run(f"--cache-to=type=local,dest={cache},mode=max").output
        (folder / "changed").write_text("second")
        assert "in the mount: kept" in run().output

        # The next job on another runner: nothing is left but what was exported.
        runner.docker("buildx", "prune", "--builder", runner.builder, "--all", "--force")
        (folder / "changed").write_text("first")
        assert run(f"--cache-from=type=local,src={cache}").ran == []
        (folder / "changed").write_text("third")
        assert "in the mount: \n" in run(f"--cache-from=type=local,src={cache}").output


def build_as_user(engine, python_and_uv, tmp_path, mount):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    text = SYNC.format(image=python_and_uv, mount=f"--mount=type=cache,{mount}")
    (tmp_path / "Dockerfile").write_text(text)
    return build(engine, tmp_path, f"{PREFIX}/as-user")


def cached_files(engine, image):
    look = "find / -xdev -path '*/.cache/uv/*' -type f 2>/dev/null | wc -l"
    return int(engine.run(image, "sh", "-c", look).stdout)


def test_a_cache_mount_belongs_to_root(engine, python_and_uv, tmp_path):
    with pytest.raises(BuildFailed, match="Permission denied"):
        build_as_user(engine, python_and_uv, tmp_path, "target=/home/app/.cache/uv")


def test_with_uid_another_user_can_write_to_it(engine, python_and_uv, tmp_path):
    mount = "target=/home/app/.cache/uv,uid=10001"
    built = build_as_user(engine, python_and_uv, tmp_path, mount)
    assert cached_files(engine, built.tag) == 0


def test_at_another_users_home_it_is_not_used_and_the_cache_is_in_the_layer(
    engine, python_and_uv, tmp_path
):
    built = build_as_user(engine, python_and_uv, tmp_path, "target=/root/.cache/uv")
    assert cached_files(engine, built.tag) > 0


def test_a_secret_belongs_to_root(engine, python_and_uv, tmp_path):
    (tmp_path / "token").write_text("a token")
    for owner, said in (("", "Permission denied"), (",uid=10001", "a token")):
        (tmp_path / "Dockerfile").write_text(
            f"FROM {python_and_uv}\nUSER 10001\n"
            f"RUN --mount=type=secret,id=git_token{owner} cat /run/secrets/git_token || true\n"
        )
        secret = f"--secret=id=git_token,src={tmp_path}/token"
        assert said in build(engine, tmp_path, f"{PREFIX}/secret", secret, "--no-cache").output
