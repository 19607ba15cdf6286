"""Docker layer caching"""

from contextlib import contextmanager

from guide.ci.network import REGISTRY_IMAGE
from guide.content.examples import examples
from guide.engine.docker import LABEL
from guide.engine.isolated import base_image_arguments, fresh_base_image
from guide.engine.uv import PYTHON_IMAGE, edited_uv_image

UV = examples()[0].uv_image
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]
"""
INSTALL = "RUN uv sync --locked"
CODE = "COPY . ."
DOCKERFILE = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
{INSTALL}
{CODE}
"""
IGNORED = "Dockerfile\n.dockerignore\nREADME.md\n"


def build_first(docker, dockerfile=DOCKERFILE, *arguments):
    """Write a project and build it for the first time. Each test then changes one thing."""
    docker.write("pyproject.toml", PROJECT)
    docker.run("uv lock")
    docker.write("views.py", "def index(): ...\n")
    docker.write(".dockerignore", IGNORED)
    docker.write("Dockerfile", dockerfile)
    assert docker.build(*arguments).ran[-1] == dockerfile.splitlines()[-1]


def test_code_copied_before_the_install_makes_each_edit_install_again(docker):
    """If a Dockerfile copies the code before it runs `uv sync`, editing a view makes the next build
    reinstall every dependency."""
    code_first = (
        f"FROM {PYTHON_IMAGE}\nCOPY --from={UV} /uv /bin/\nWORKDIR /app\n{CODE}\n{INSTALL}\n"
    )
    build_first(docker, code_first)
    docker.write("views.py", "def index(): return 1\n")
    assert docker.build().ran == [CODE, INSTALL]


def test_code_copied_after_the_install_leaves_it_cached(docker):
    """If a Dockerfile copies the code after it runs `uv sync`, editing a view makes the next build
    rerun only the step that copies the code."""
    build_first(docker)
    docker.write("views.py", "def index(): return 1\n")
    assert docker.build().ran == [CODE]


def test_a_file_in_dockerignore_changes_nothing(docker):
    """After you edit a file that `.dockerignore` excludes, the next build does not rerun any step,
    not even `COPY . .`."""
    build_first(docker)
    docker.write("README.md", "# A shop\n")
    assert docker.build().ran == []


def test_a_lockfile_in_dockerignore_is_not_found(docker):
    """If `.dockerignore` excludes `uv.lock`, the build fails at a `COPY` line or a bind mount that
    names the file. With `COPY . .`, it fails at `uv sync --locked`, which finds no lockfile."""
    docker.write("pyproject.toml", PROJECT)
    docker.run("uv lock")
    docker.write(".dockerignore", "uv.lock\n")
    docker.write("Dockerfile", DOCKERFILE)
    assert '"/uv.lock": not found' in docker.build_fails()
    mount = "--mount=type=bind,source=uv.lock,target=uv.lock"
    docker.run(f"sed -i 's/ uv.lock//; s/RUN/RUN {mount}/' Dockerfile")
    assert '"/uv.lock": not found' in docker.build_fails()
    docker.run("sed -i 's/COPY pyproject.toml/COPY ./; s/--mount=[^ ]* //' Dockerfile")
    assert "Unable to find lockfile" in docker.build_fails()


def test_a_mounted_lockfile_cannot_be_updated(docker):
    """If a build step mounts an outdated `uv.lock` with `--mount=type=bind`, `uv sync` with neither
    `--locked` nor `--frozen` fails with `Resource busy`, because uv cannot replace the file."""
    docker.write("pyproject.toml", PROJECT)
    docker.run("uv lock")
    docker.run("""sed -i 's/"asgiref==3.11.1"/"asgiref==3.11.1", "sqlparse"/' pyproject.toml""")
    mounts = " ".join(
        f"--mount=type=bind,source={name},target={name}" for name in ("pyproject.toml", "uv.lock")
    )
    copied = "COPY pyproject.toml uv.lock ./\n"
    mounting = DOCKERFILE.replace(copied, "").replace("RUN", f"RUN {mounts}")
    docker.write("Dockerfile", mounting)
    assert "The lockfile at `uv.lock` needs to be updated" in docker.build_fails()
    docker.write("Dockerfile", mounting.replace(" --locked", ""))
    output = docker.build_fails()
    assert "failed to rename file" in output
    assert "uv.lock: Resource busy" in output


def test_touching_every_file_changes_nothing(docker):
    """Docker ignores the modification times of copied files. If only these times have changed, the
    next build does not rerun any step."""
    build_first(docker)
    docker.run("touch --date='2001-01-01' *")
    assert docker.build().ran == []


def test_another_mode_of_a_file_copies_it_again(docker):
    """Changing the permissions of a copied file invalidates the cached `COPY` step, just as
    changing its contents does. For example, if you run `chmod +x` on the file, the next build
    reruns that step."""
    build_first(docker)
    docker.run("chmod +x views.py")
    assert docker.build().ran == [CODE]


def test_another_name_of_a_file_copies_it_again(docker):
    """Renaming a copied file invalidates the cached `COPY` step, just as changing its contents
    does, so the next build reruns that step."""
    build_first(docker)
    docker.run("mv views.py pages.py")
    assert docker.build().ran == [CODE]


def test_another_base_image_runs_every_step_again(docker):
    """If a build stage changes, the next build reruns every step in the stages that start from
    it."""
    base = f"FROM {PYTHON_IMAGE} AS base\nRUN echo 1 > /release\n"
    build_first(docker, base + DOCKERFILE.replace(f"FROM {PYTHON_IMAGE}", "FROM base"))
    docker.run("sed -i 's/echo 1/echo 2/' Dockerfile")
    assert [step.instruction for step in docker.build().steps if step.cached] == []


def test_copy_from_is_compared_by_content(docker):
    """For `COPY --from`, Docker checks whether the copied files have changed. If the source stage
    runs again but creates identical files, the steps after `COPY --from` stay cached."""
    build_first(
        docker,
        f"""\
FROM {PYTHON_IMAGE} AS packages
COPY --from={UV} /uv /bin/
COPY pyproject.toml uv.lock ./
RUN uv export --locked --output-file requirements.txt

FROM {PYTHON_IMAGE}
WORKDIR /app
COPY --from={UV} /uv /bin/
COPY --from=packages requirements.txt ./
RUN uv venv && uv pip sync requirements.txt
""",
    )
    docker.write("pyproject.toml", f"{PROJECT}\n[tool.ruff]\nline-length = 100\n")
    assert docker.build().ran == [
        "COPY pyproject.toml uv.lock ./",
        "RUN uv export --locked --output-file requirements.txt",
    ]


def test_a_setting_of_a_tool_in_pyproject_installs_again(docker):
    """After you add a Ruff setting to `pyproject.toml`, the next build reinstalls every dependency,
    because any change to that file invalidates the cached `COPY` step and the install step after
    it."""
    build_first(docker)
    docker.write("pyproject.toml", f"{PROJECT}\n[tool.ruff]\nline-length = 100\n")
    assert INSTALL in docker.build().ran


def test_bumping_the_version_installs_again(docker):
    """After you change the project's version in `pyproject.toml` and `uv.lock`, the next build
    reinstalls every dependency."""
    build_first(docker)
    docker.run("sed -i 's/1.0.0/1.0.1/' pyproject.toml")
    docker.run("uv lock")
    assert INSTALL in docker.build().ran


def test_bumping_the_version_installs_again_with_bind_mounts_too(docker):
    """Even if a Dockerfile bind-mounts `pyproject.toml` and `uv.lock` instead of copying them,
    changing the project's version makes the next build reinstall every dependency."""
    bound = "\\\n    ".join(
        (
            "RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml ",
            "--mount=type=bind,source=uv.lock,target=uv.lock ",
            "uv sync --locked",
        )
    )
    copied = f"COPY pyproject.toml uv.lock ./\n{INSTALL}"
    build_first(docker, DOCKERFILE.replace(copied, bound))
    docker.run("sed -i 's/1.0.0/1.0.1/' pyproject.toml")
    docker.run("uv lock")
    assert docker.build().ran[0].endswith("uv sync --locked")


def test_a_dynamic_version_is_bumped_without_installing_again(docker):
    """With `dynamic = ["version"]`, `uv.lock` does not contain the project's version, so the
    lockfile stays up to date after a version bump. If you install with `--no-install-project`, the
    install step also stays cached."""
    docker.write(
        "pyproject.toml",
        PROJECT.replace('version = "1.0.0"', 'dynamic = ["version"]')
        + """
[build-system]
requires = ["hatchling==1.28.0"]
build-backend = "hatchling.build"

[tool.hatch.version]
path = "shop/__init__.py"
""",
    )
    docker.write("shop/__init__.py", '__version__ = "1.0.0"\n')
    docker.run("uv lock")
    docker.write(
        "Dockerfile",
        DOCKERFILE.replace(INSTALL, f"{INSTALL} --no-install-project"),
    )
    docker.build()
    docker.write("shop/__init__.py", '__version__ = "1.0.1"\n')
    docker.run("uv lock --check")
    assert docker.build().ran == [CODE]
    assert "1.0" not in docker.run("grep --after-context=1 'name = \"shop\"' uv.lock")


def test_another_uv_installs_again(docker):
    """If you change the uv version in a line above the install step, the next build reinstalls
    every dependency."""
    older = edited_uv_image(examples()[0])
    docker.engine.need_images([older])
    build_first(docker, DOCKERFILE.replace(UV, older))
    docker.run(f"sed -i 's|{older}|{UV}|' Dockerfile")
    assert INSTALL in docker.build().ran


def test_another_value_of_env_installs_again(docker):
    """After you change an `ENV` value above the install step, the next build reruns that step, even
    though the `COPY` steps in between stay cached."""
    build_first(docker, DOCKERFILE.replace("WORKDIR", "ENV PYTHONUNBUFFERED=1\nWORKDIR"))
    docker.run("sed -i 's/PYTHONUNBUFFERED=1/PYTHONUNBUFFERED=yes/' Dockerfile")
    assert docker.build().ran == [INSTALL, CODE]


def test_another_value_of_arg_installs_again(docker):
    """After you change the value of an `ARG` above the install step, the next build reruns that
    step, even if nothing uses the `ARG`."""
    dockerfile = DOCKERFILE.replace("WORKDIR", "ARG COMMIT\nWORKDIR")
    build_first(docker, dockerfile, "--build-arg", "COMMIT=0b1c7d9")
    assert docker.build("--build-arg", "COMMIT=4a5c1e2").ran == [INSTALL, CODE]


def test_an_arg_below_the_install_leaves_it_cached(docker):
    """If you declare an `ARG` below the install step, changing its value does not rerun that
    step."""
    last = "RUN printenv COMMIT > commit.txt"
    dockerfile = f"{DOCKERFILE}ARG COMMIT\n{last}\n"
    build_first(docker, dockerfile, "--build-arg", "COMMIT=0b1c7d9")
    assert docker.build("--build-arg", "COMMIT=4a5c1e2").ran == [last]


def test_what_a_command_would_give_today_is_not_seen(docker):
    """Docker reuses a cached `RUN` step as long as its command and the base image are unchanged,
    even if running the command today would give a different result."""
    build_first(docker, f"FROM {PYTHON_IMAGE}\nRUN date +%s.%N > /built\n")

    def built():
        return docker.engine.run(docker.image, "cat", "/built").stdout

    first = built()
    assert docker.build().ran == []
    assert built() == first


# Like `apt-get install`, `date` can give a different result each time that it runs.
LIBRARIES = "RUN date +%s.%N > /libraries"
PACKAGES = "RUN date +%s.%N > /packages"
COPY_PACKAGES = "COPY --from=build /packages /"
STAGES = f"""\
FROM {PYTHON_IMAGE} AS base
{LIBRARIES}

FROM {PYTHON_IMAGE} AS build
{PACKAGES}

FROM base
{COPY_PACKAGES}
"""


def libraries(docker):
    """Return the text that the step in the stage `base` wrote into the image."""
    return docker.engine.run(docker.image, "cat", "/libraries").stdout


def test_no_cache_filter_runs_the_steps_of_one_stage_again(docker):
    """With `--no-cache-filter=base`, Docker reruns the steps of the `base` stage and all steps that
    depend on this stage. All other steps stay cached. The next build without the option reuses the
    new layers."""
    docker.write("Dockerfile", STAGES)
    docker.build()
    old = libraries(docker)
    assert docker.build("--no-cache-filter=base").ran == [LIBRARIES, COPY_PACKAGES]
    new = libraries(docker)
    assert new != old
    assert docker.build().ran == []
    assert libraries(docker) == new


def test_pull_runs_steps_again_only_after_a_new_base_image(docker):
    """`docker build --pull` checks the registry for a newer base image. If the base image has
    changed, Docker reruns every step that builds on it. Otherwise, the steps stay cached."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n{LIBRARIES}\n")
    with registry(docker) as address:
        base = f"{address}/python:3"
        docker.hidden = base_image_arguments({PYTHON_IMAGE: base})
        push_base_image(docker.engine, base)
        docker.build("--pull")
        assert docker.build("--pull").ran == []
        push_base_image(docker.engine, base)
        docker.keep("# The registry now has a newer base image.", "")
        assert docker.build("--pull").ran == [LIBRARIES]


@contextmanager
def registry(docker):
    """Run a registry, and yield its address on this machine."""
    docker.engine.need_images([REGISTRY_IMAGE])
    options = ("--detach", "--label", LABEL, "--name", docker.container)
    docker.engine.docker("run", *options, "--publish=127.0.0.1::5000", REGISTRY_IMAGE)
    yield docker.engine.docker("port", docker.container, "5000/tcp").stdout.split()[0]


def push_base_image(engine, name):
    """Push a base image with new content, and remove it from the engine."""
    image = fresh_base_image(engine, PYTHON_IMAGE)
    engine.docker("tag", image, name)
    engine.docker("push", "--quiet", name)
    engine.docker("image", "rm", name, image)
