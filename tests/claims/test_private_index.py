"""A package from a private index: the password is a build secret, named by uv's own variable."""

import secrets
import shutil
import time

import pytest

from guide.build import BuildFailed, build
from guide.catalogue import example as find_example
from guide.engine import LABEL, PREFIX

HOST = "packages.example.com"

SERVER = """\
FROM {image}
RUN uv venv --quiet /srv/venv && uv pip install --quiet --python /srv/venv 'pypiserver[passlib]'
COPY shipcodes /tmp/shipcodes
RUN uv build --quiet --wheel --out-dir /srv/packages /tmp/shipcodes
COPY start.py /srv/
CMD ["/srv/venv/bin/python", "/srv/start.py"]
"""

START = """\
import os
from passlib.apache import HtpasswdFile
users = HtpasswdFile("/srv/users", new=True, default_scheme="plaintext")
users.set_password("reader", os.environ["TOKEN"])
users.save()
command = ["run", "--port", "8080", "-P", "/srv/users", "-a", "list,download,update"]
os.execv("/srv/venv/bin/pypi-server", ["pypi-server", *command, "/srv/packages"])
"""

PROJECT = f"""\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.14"
dependencies = ["shipcodes"]

[[tool.uv.index]]
name = "acme"
url = "http://{HOST}:8080/simple/"
explicit = true

[tool.uv.sources]
shipcodes = {{ index = "acme" }}

[tool.uv]
package = false
"""

DOCKERFILE = """\
FROM {image}
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=secret,id=index_token,env=UV_INDEX_ACME_PASSWORD,required=true \\
    UV_INDEX_ACME_USERNAME=reader uv sync --locked
"""


@pytest.fixture(scope="module")
def token():
    return secrets.token_hex(20)


@pytest.fixture(scope="module")
def index(engine, python_and_uv, token, tmp_path_factory):
    """The address of a package index that asks for a password."""
    folder = tmp_path_factory.mktemp("index")
    private = find_example("pattern-c-cache-mounts").folder / "private/shipcodes"
    shutil.copytree(private, folder / "shipcodes")
    (folder / "Dockerfile").write_text(SERVER.format(image=python_and_uv))
    (folder / "start.py").write_text(START)
    image = build(engine, folder, f"{PREFIX}/index").tag
    options = ("--detach", "--label", LABEL, "--env", f"TOKEN={token}")
    container = engine.docker("run", *options, image).stdout.strip()
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    yield engine.docker("inspect", "--format", template, container).stdout.strip()
    engine.docker("rm", "--force", container)


@pytest.fixture(scope="module")
def project(engine, python_and_uv, index, token, tmp_path_factory):
    """A locked project with a package from there."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "Dockerfile").write_text(DOCKERFILE.format(image=python_and_uv))
    variables = {"USERNAME": "reader", "PASSWORD": token}
    environ = [f"--env=UV_INDEX_ACME_{name}={value}" for name, value in variables.items()]
    mount = f"type=bind,source={folder},target=/project"
    options = (f"--add-host={HOST}:{index}", *environ, "--mount", mount, "--workdir", "/project")
    give_up = time.monotonic() + 20
    while engine.run(python_and_uv, "uv", "lock", options=options, check=False).returncode:
        # The index may still be starting.
        assert time.monotonic() < give_up
        time.sleep(0.5)
    return folder


def build_with(engine, project, index, tmp_path, token):
    arguments = [f"--add-host={HOST}:{index}", "--no-cache"]
    if token is not None:
        (tmp_path / "token").write_text(token)
        arguments.append(f"--secret=id=index_token,src={tmp_path}/token")
    return build(engine, project, f"{PREFIX}/with-index", *arguments)


def test_with_its_password_the_package_is_installed_and_the_password_nowhere(
    engine, project, index, token, tmp_path
):
    built = build_with(engine, project, index, tmp_path, token)
    assert "+ shipcodes==1.0.0" in built.output
    history = engine.docker("history", "--no-trunc", built.tag).stdout
    search = f"! grep -rF {token} /app /root /etc /tmp /var"
    engine.run(built.tag, "sh", "-c", search)
    assert token not in history + built.output + (project / "uv.lock").read_text()


def test_without_the_secret_the_build_names_it(engine, project, index, tmp_path):
    with pytest.raises(BuildFailed, match="secret index_token: not found"):
        build_with(engine, project, index, tmp_path, None)


def test_a_wrong_password_is_refused(engine, project, index, tmp_path):
    with pytest.raises(BuildFailed) as caught:
        build_with(engine, project, index, tmp_path, "wrong")
    assert "403" in caught.value.output


def test_a_line_end_in_the_file_becomes_part_of_the_password(
    engine, project, index, token, tmp_path
):
    with pytest.raises(BuildFailed) as caught:
        build_with(engine, project, index, tmp_path, token + "\n")
    assert "403" in caught.value.output


def test_an_export_does_not_name_the_index(engine, python_and_uv, project):
    """So whoever installs from it has to name it again."""
    options = ("--mount", f"type=bind,source={project},target=/project", "--workdir", "/project")
    export = ("uv", "export", "--quiet", "--locked", "--no-header")
    text = engine.run(python_and_uv, *export, options=options).stdout
    assert "shipcodes==1.0.0" in text
    assert HOST not in text
