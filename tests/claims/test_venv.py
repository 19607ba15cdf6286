"""Who makes the venv, and where it can be copied to."""

from guide.build import build
from guide.engine import PREFIX

PROJECT = """
mkdir /project && cd /project
cat > pyproject.toml <<END
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.12"
dependencies = ["sqlparse"]
[tool.uv]
package = false
END
uv lock --quiet
export UV_PROJECT_ENVIRONMENT=/venv
"""
LIST = """
/venv/bin/python -c 'import importlib.metadata as m
print(*sorted(each.metadata["Name"] for each in m.distributions()))'
"""


def test_a_venv_that_uv_makes_holds_the_packages_and_no_pip(shell):
    assert shell(f"{PROJECT}\nuv sync --quiet --locked\n{LIST}") == ["sqlparse"]


def test_uv_can_make_a_venv_with_pip_in_it(shell):
    assert "pip" in shell(f"{PROJECT}\nuv venv --quiet --seed /venv\n{LIST}")[0].split()


def test_uv_pip_does_not_read_the_place_of_the_projects_venv(shell):
    said = shell(f"{PROJECT}\nuv venv --quiet\nuv pip install sqlparse", check=False)
    assert "No virtual environment found" in " ".join(said)


def test_uv_venv_reads_it_in_a_project_only(shell):
    script = "uv venv --quiet && ls -d /venv && cd /tmp && uv venv --quiet && ls -d .venv"
    assert shell(f"{PROJECT}\n{script}") == ["/venv", ".venv"]


def test_pip_and_uv_survive_in_a_venv_that_python_made(shell):
    made = "python -m venv /venv && /venv/bin/pip install --quiet uv cowsay"
    found = shell(f"{PROJECT}\n{made}\n/venv/bin/uv sync --quiet --locked\n{LIST}")
    assert found[-1] == "pip sqlparse uv"


def test_uv_sync_removes_what_is_not_in_the_lockfile(shell):
    """Which is what it does not do to pip and uv above."""
    made = "uv venv --quiet /venv && uv pip install --quiet --python /venv cowsay"
    assert shell(f"{PROJECT}\n{made}\nuv sync --quiet --locked\n{LIST}") == ["sqlparse"]


def test_a_venv_does_not_start_without_its_python(engine, python_and_uv, tmp_path):
    engine.need_images(["ubuntu:noble"])
    (tmp_path / "Dockerfile").write_text(
        f"FROM {python_and_uv} AS build\nRUN uv venv /venv\n"
        "FROM ubuntu:noble\nCOPY --from=build /venv /venv\n"
    )
    image = build(engine, tmp_path, f"{PREFIX}/venv-without-python").tag
    done = engine.run(image, "/venv/bin/python", "-V", check=False)
    assert done.returncode != 0
    assert "no such file or directory" in done.stderr
