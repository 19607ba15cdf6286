"""Build secrets and private packages"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from guide.content.examples import example, examples
from guide.engine.build import build
from guide.engine.docker import LABEL, PREFIX
from guide.engine.running import fresh_builder
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.waiting import wait_until

UV = examples()[0].uv_image
HOST = "packages.example.com"
TOKEN = "s3cret-token"
SECRET = ("--secret", "id=token,src=../token")
HISTORY = "docker history --no-trunc --format '{{.CreatedBy}}' shop"

PROJECT = f"""\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.13"
dependencies = ["shipcodes"]

[tool.uv.sources]
shipcodes = {{ index = "acme" }}

[[tool.uv.index]]
name = "acme"
url = "http://{HOST}:8080/simple/"
explicit = true
"""
DOCKERFILE = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=secret,id=token,env=UV_INDEX_ACME_PASSWORD,required=true \\
    UV_INDEX_ACME_USERNAME=reader uv sync --locked
"""

SERVER = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
COPY shipcodes /tmp/shipcodes
RUN uv build --quiet --wheel --out-dir /srv/simple/shipcodes /tmp/shipcodes
COPY serve.py /
WORKDIR /project
CMD ["python", "/serve.py"]
"""
SERVE = f"""\
from base64 import b64encode
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

WANTED = "Basic " + b64encode(b"reader:{TOKEN}").decode()


class Index(SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.headers["Authorization"] == WANTED:
            return super().do_GET()
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()

    def __init__(self, *arguments):
        super().__init__(*arguments, directory="/srv")


ThreadingHTTPServer(("", 8080), Index).serve_forever()
"""

ACCESS = f"UV_INDEX_ACME_USERNAME=reader UV_INDEX_ACME_PASSWORD={TOKEN}"

# All tests in this module use one index.
pytestmark = pytest.mark.xdist_group("private index")


class Index:
    """A package index that requires a password."""

    def __init__(self, engine, image, address):
        self.engine = engine
        self.image = image
        self.host = f"--add-host={HOST}:{address}"
        # The output of `uv lock`, and the lockfile.
        self.locked = self.lock(PROJECT, ACCESS)

    def lock(self, pyproject, access=""):
        """Lock a project in a container that can reach the index. Return the output and uv.lock."""
        write = f"cat > pyproject.toml <<'END'\n{pyproject}\nEND\n"
        script = f"{write}{access} uv lock 2>&1\nprintf '\\0'\ncat uv.lock"
        done = self.engine.run(self.image, "sh", "-euc", script, options=(self.host,))
        output, _, lock = done.stdout.partition("\0")
        return output, lock


@pytest.fixture(scope="module")
def index(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    private = example("pattern-c-cache-mounts").folder / "private/shipcodes"
    shutil.copytree(private, folder / "shipcodes")
    (folder / "Dockerfile").write_text(SERVER)
    (folder / "serve.py").write_text(SERVE)
    engine.need_images([PYTHON_IMAGE, UV])
    image = build(engine, folder, f"{PREFIX}/index").tag
    container = engine.docker("run", "--detach", "--label", LABEL, image).stdout.strip()
    ask = "from socket import create_connection; create_connection(('127.0.0.1', 8080))"

    def listens():
        return engine.docker("exec", container, "python", "-c", ask, check=False).returncode == 0

    wait_until(listens, timeout=20, failing="The index did not start")
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    address = engine.docker("inspect", "--format", template, container).stdout.strip()
    yield Index(engine, image, address)
    engine.docker("rm", "--force", container)


def write_private(docker, index, dockerfile=DOCKERFILE):
    """Write a locked project that depends on a package from the index."""
    docker.hidden.append(index.host)
    output, lock = index.locked
    docker.write("pyproject.toml", PROJECT)
    docker.keep(f"{ACCESS} uv lock", docker.normalised(output))
    (docker.folder / "uv.lock").write_text(lock)
    docker.write("Dockerfile", dockerfile)


def test_a_token_in_arg_is_in_the_history(docker):
    """If you pass a token as a build argument (`ARG`) to the stage that becomes your image,
    `docker history` prints the token in the entry for a `RUN` that comes after the `ARG` line."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nARG TOKEN\nRUN echo installing\n")
    docker.build("--build-arg", f"TOKEN={TOKEN}")
    assert TOKEN in docker.run(f"{HISTORY} | head -n 1")


def test_a_provenance_attestation_contains_the_arguments_of_every_stage(docker, engine):
    """A provenance attestation with `mode=max` contains the values of all build arguments. This
    includes the value of an `ARG` in an earlier stage, which `docker history` does not print."""
    stages = f"FROM {PYTHON_IMAGE} AS build\nARG TOKEN\nRUN echo installing > /log\n"
    docker.write("Dockerfile", f"{stages}\nFROM {PYTHON_IMAGE}\nCOPY --from=build /log /\n")
    with fresh_builder(engine, PYTHON_IMAGE) as attesting:
        docker.engine, docker.hidden = attesting, ["--network=none"]
        attest = ("--provenance=mode=max", "--output=type=oci,dest=../image.tar")
        docker.build("--build-arg", f"TOKEN={TOKEN}", *attest)
        docker.fails(f"{HISTORY} | grep {TOKEN}")
        docker.run("tar --extract --file ../image.tar --directory ..")
        search = f'grep --recursive --no-filename --only-matching \'"[^"]*": *"{TOKEN}"\''
        assert "build-arg:TOKEN" in docker.run(f"{search} ../blobs")
        docker.engine = engine


def test_a_token_in_env_is_in_each_container(docker):
    """If you set a token with `ENV`, it appears in `docker history` and in the environment of every
    container that you start from the image."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nENV TOKEN={TOKEN}\n")
    docker.build()
    assert TOKEN in docker.run(f"{HISTORY} | head -n 1")
    assert docker.start("printenv TOKEN") == TOKEN


def test_a_proxy_build_argument_needs_no_arg_line(docker):
    """You can pass `--build-arg HTTPS_PROXY=…` without an `ARG` line in the Dockerfile: Docker sets
    the variable for every `RUN`. The image's history does not contain the value, and a build with a
    different value reuses every cached step."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nRUN printenv HTTPS_PROXY\n")
    proxy = "HTTPS_PROXY=http://proxy.example.com:3128"
    assert "example" in docker.build("--build-arg", proxy, shown="^http").output
    docker.fails(f"{HISTORY} | grep proxy.example.com")
    assert docker.build("--build-arg", proxy.replace("3128", "8080")).ran == []


def test_docker_passes_the_proxies_in_its_configuration(docker, engine):
    """Docker passes the proxies in `~/.docker/config.json` as variables to each `RUN` and to each
    new container. Neither the configuration nor the history of the image contains them."""
    proxy = "http://proxy.example.com:3128"
    proxies = {"proxies": {"default": {"httpsProxy": proxy}}}
    docker.write("~/.docker/config.json", json.dumps(proxies, indent=2))
    existing = Path(docker.environ["DOCKER_CONFIG"], "config.json")
    settings = json.loads(existing.read_text()) if existing.exists() else {}
    (docker.home / ".docker/config.json").write_text(json.dumps({**settings, **proxies}))
    docker.engine = replace(
        engine, environ={**engine.environ, "DOCKER_CONFIG": str(docker.home / ".docker")}
    )
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nRUN printenv HTTPS_PROXY\n")
    assert proxy in docker.build(shown="^http").output
    assert docker.start("printenv HTTPS_PROXY") == proxy
    docker.fails("docker inspect --format '{{.Config.Env}}' shop | grep proxy.example.com")
    docker.fails(f"{HISTORY} | grep proxy.example.com")


def test_check_warns_of_a_secret_in_arg_or_env(docker):
    """`docker build --check` warns about an `ARG` or `ENV` variable whose name suggests a secret,
    such as `DJANGO_SECRET_KEY`."""
    variables = "ARG UV_INDEX_ACME_PASSWORD\nENV DJANGO_SECRET_KEY=made-up\n"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n{variables}")
    check = "docker build --check . 2> /dev/null"
    output = docker.run(f"{check} | grep --after-context=1 WARNING")
    assert output.count("SecretsUsedInArgOrEnv") == 2


def test_a_build_secret_leaves_nothing_in_the_image(docker, index):
    """If you pass the password for a private index as a build secret, uv can install a package from
    that index. Neither the image's history nor any file in the image contains the password."""
    write_private(docker, index)
    docker.write("../token", TOKEN)
    assert "+ shipcodes==1.0.0" in docker.build(*SECRET, shown="shipcodes==").output
    docker.fails(f"{HISTORY} | grep {TOKEN}")
    search = f"grep -rF {TOKEN} / --exclude-dir=proc --exclude-dir=sys"
    assert TOKEN not in docker.start_fails(search)


def test_a_secret_that_nothing_reads_is_of_no_use(docker, index):
    """To install from a private index, it is not enough to mount its password as a build secret.
    Unless the `RUN` that mounts the secret also reads it, the index rejects uv's request."""
    write_private(docker, index, DOCKERFILE.replace(",env=UV_INDEX_ACME_PASSWORD", ""))
    docker.write("../token", TOKEN)
    assert "401" in docker.build_fails(*SECRET)


def test_a_wrong_password_stops_the_build(docker, index):
    """If a build secret contains the wrong index password, the build fails with an error message
    that includes the index's HTTP status code (401)."""
    write_private(docker, index)
    docker.write("../token", "wrong")
    assert "401" in docker.build_fails(*SECRET)


def test_a_line_end_in_a_secret_is_part_of_the_password(docker, index):
    """A trailing newline in a secret file becomes part of the password, so authentication with the
    index fails."""
    write_private(docker, index)
    docker.run(f"echo {TOKEN} > ../token")
    assert "401" in docker.build_fails(*SECRET)
    docker.run(f"printf {TOKEN} > ../token")
    docker.build(*SECRET, shown="shipcodes==")


def test_netrc_as_a_secret_is_read_by_uv(docker, index):
    """uv reads index credentials from `.netrc` in the home directory. If you mount `.netrc` as a
    build secret, the image does not contain the file."""
    mount = "--mount=type=secret,id=netrc,target=/root/.netrc,required=true"
    run = f"RUN {mount} uv sync --locked\n"
    write_private(docker, index, DOCKERFILE[: DOCKERFILE.index("RUN")] + run)
    docker.write("../netrc", f"machine {HOST} login reader password {TOKEN}\n")
    built = docker.build("--secret", "id=netrc,src=../netrc", shown="shipcodes==")
    assert "+ shipcodes==1.0.0" in built.output
    docker.start_fails("cat /root/.netrc")


def test_credentials_in_an_index_url_are_not_in_the_lockfile(docker, index):
    """Credentials in an index URL are not written to `uv.lock`, but they stay in `pyproject.toml`
    in plain text."""
    pyproject = PROJECT.replace("http://", f"http://reader:{TOKEN}@")
    docker.write("pyproject.toml", pyproject)
    output, lock = index.lock(pyproject)
    docker.keep("uv lock", docker.normalised(output))
    (docker.folder / "uv.lock").write_text(lock)
    assert "uv.lock" in docker.run("grep --files-with-matches packages.example.com *")
    assert docker.run(f"grep --files-with-matches {TOKEN} *") == "pyproject.toml"


def test_an_export_does_not_name_the_index(docker, index):
    """By default, `uv export` lists each package but not the index that it comes from."""
    export = "RUN uv export --locked --no-header --output-file requirements.txt\n"
    write_private(docker, index, DOCKERFILE[: DOCKERFILE.index("RUN")] + export)
    docker.build()
    exported = docker.start("cat requirements.txt")
    assert "shipcodes==1.0.0" in exported
    assert HOST not in exported


def test_env_makes_a_secret_a_variable_of_one_step(docker):
    """If a `RUN` mounts a build secret with `env=`, the secret is available as an environment
    variable only in that `RUN`. Neither the next `RUN` nor a container started from the image has
    the variable."""
    docker.write("../token", TOKEN)
    docker.write(
        "Dockerfile",
        f"""\
FROM {PYTHON_IMAGE}
RUN --mount=type=secret,id=token,env=TOKEN printenv TOKEN
RUN printenv TOKEN || echo 'no such variable'
""",
    )
    output = docker.build(*SECRET, shown="^(s3cret|no such)").output
    assert output.split("\n")[:2] == [TOKEN, "no such variable"]
    docker.start_fails("printenv TOKEN")


def test_a_required_secret_that_is_missing_is_named(docker):
    """If a secret mount has `required=true`, a build without the secret fails with an error message
    that names the secret."""
    mount = "--mount=type=secret,id=token,required=true"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nRUN {mount} cat /run/secrets/token\n")
    assert "token: not found" in docker.build_fails()


def test_a_secret_that_is_not_required_may_be_missing(docker):
    """Unless a secret mount sets `required=true`, the secret is optional. If you build without the
    secret, the step still runs, but it finds no secret file."""
    look = "test -e /run/secrets/token || echo 'no such file'"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nRUN --mount=type=secret,id=token {look}\n")
    assert "no such file" in docker.build(shown="^no such file").output


def test_another_secret_does_not_run_the_step_again(docker):
    """Changing the value of a build secret does not make Docker rerun the step that reads it. As
    long as the step is cached, a build succeeds without the secret, even if the mount has
    `required=true`."""
    mount = "--mount=type=secret,id=token,required=true"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nRUN {mount} cat /run/secrets/token\n")
    docker.write("../token", TOKEN)
    assert docker.build(*SECRET).ran
    docker.write("../token", "another")
    assert docker.build(*SECRET).ran == []
    assert docker.build().ran == []


def test_a_secret_belongs_to_root(docker):
    """By default, only root can read a build secret. A step that reads the secret as another user
    fails with `Permission denied` unless the secret mount sets `uid=` to that user's ID."""
    docker.write("../token", TOKEN)
    mount = "RUN --mount=type=secret,id=token"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nUSER 10001\n{mount} cat /run/secrets/token\n")
    assert "Permission denied" in docker.build_fails(*SECRET)
    docker.run("sed -i 's/id=token/id=token,uid=10001/' Dockerfile")
    assert TOKEN in docker.build(*SECRET, shown=TOKEN).output
