"""Django in a container"""

from guide.content.examples import examples
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.waiting import wait_until

UV = examples()[0].uv_image
DJANGO = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["django==5.2.8", "asgiref==3.11.1", "sqlparse==0.5.5"]
"""
SETTINGS = """\
import os

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
INSTALLED_APPS = ["django.contrib.staticfiles"]
STATICFILES_DIRS = ["assets"]
STATIC_URL = "static/"
STATIC_ROOT = "static"
"""
COLLECT = "python -m django collectstatic --noinput --settings settings"

SERVER = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["gunicorn==27.0.1", "packaging==26.3"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]
"""
SERVICE = """\
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"Hello"]
"""

INSTALL = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
ENV PATH="/app/.venv/bin:$PATH"
WORKDIR /app
COPY . .
RUN uv sync --locked --no-dev
"""
EXEC_FORM = 'CMD ["gunicorn", "service"]\n'
FIRST_PROCESS = r"""docker exec web sh -c 'tr "\0" " " < /proc/1/cmdline'"""
EXIT_CODE = "docker inspect --format '{{.State.ExitCode}}' web"


def django_project(docker, dockerfile, settings=SETTINGS):
    docker.write("pyproject.toml", DJANGO)
    docker.run("uv lock")
    docker.write("settings.py", settings)
    docker.write("assets/shop.css", "body { color: navy }\n")
    docker.write("Dockerfile", INSTALL + dockerfile)


def server(docker, dockerfile, install=INSTALL):
    """Build the image of a small WSGI service without Django. Only the server is tested."""
    docker.write("pyproject.toml", SERVER)
    docker.run("uv lock")
    docker.write("service.py", SERVICE)
    docker.write("Dockerfile", install + dockerfile)
    docker.build()


def wait_for(docker, text, *look):
    """Wait until a `docker` command about the container prints the text."""

    def printed():
        done = docker.engine.docker(*look, docker.container)
        return done.stdout + done.stderr

    def failing():
        return f"{printed()}\n{text!r} was not printed"

    wait_until(lambda: text in printed(), timeout=20, failing=failing)


def start_server(docker, options="", command=""):
    docker.run(" ".join(f"docker run --detach --name web {options} shop {command}".split()))
    wait_for(docker, "Booting worker", "logs")


def test_collectstatic_needs_a_secret_key(docker):
    """If the Django settings read the secret key with `os.environ["DJANGO_SECRET_KEY"]`, the build
    fails at `collectstatic` unless that variable is set."""
    django_project(docker, f"RUN {COLLECT}\n")
    assert "KeyError: 'DJANGO_SECRET_KEY'" in docker.build_fails()


def test_collectstatic_takes_a_made_up_key_that_containers_do_not_have(docker):
    """If you set a placeholder secret key only for the `RUN` that calls `collectstatic`, that step
    succeeds. The key is not set in containers started from the image, but `docker history` shows
    it."""
    django_project(docker, f"RUN DJANGO_SECRET_KEY=made-up {COLLECT}\n")
    docker.build()
    assert docker.start("ls static") == "shop.css"
    assert "KeyError" in docker.start_fails("python -c 'import settings'")
    history = "docker history --no-trunc --format '{{.CreatedBy}}' shop"
    assert "made-up" in docker.run(f"{history} | head -n 1")


def test_a_key_set_with_env_is_that_of_each_container(docker):
    """If you use `ENV` to set a placeholder secret key for `collectstatic`, containers also run
    with that key."""
    django_project(docker, f"ENV DJANGO_SECRET_KEY=made-up\nRUN {COLLECT}\n")
    docker.build()
    look = "python -c 'import settings; print(settings.SECRET_KEY)'"
    assert docker.start(look) == "made-up"


def test_with_an_exec_form_cmd_the_server_is_process_1_and_ends_when_asked(docker):
    """With `CMD` in exec form, gunicorn runs as PID 1. When you stop the container, gunicorn
    therefore receives SIGTERM directly and exits with code 0."""
    server(docker, EXEC_FORM)
    start_server(docker)
    assert "gunicorn service" in docker.run(FIRST_PROCESS)
    docker.run("docker stop web")
    assert docker.run(EXIT_CODE) == "0"


def test_with_a_shell_form_cmd_the_server_gets_no_sigterm(docker):
    """In a Debian-based Python image with `CMD` in shell form, PID 1 is a shell that does not
    forward SIGTERM to the server. `docker stop` therefore waits until the timeout expires and then
    kills the container (exit code 137)."""
    server(docker, "CMD gunicorn service\n")
    start_server(docker)
    assert docker.run(FIRST_PROCESS).startswith("/bin/sh -c gunicorn")
    docker.run("docker stop -t 1 web")
    assert docker.run(EXIT_CODE) == "137"


def test_exec_in_a_start_script_hands_process_1_to_the_server(docker):
    """If a start script ends with `exec gunicorn`, gunicorn replaces the shell as PID 1. When
    gunicorn receives SIGTERM, it exits with code 0."""
    docker.write("start.sh", "#!/bin/sh\necho starting\nexec gunicorn service\n")
    docker.run("chmod +x start.sh")
    server(docker, 'CMD ["./start.sh"]\n')
    start_server(docker)
    assert "gunicorn service" in docker.run(FIRST_PROCESS)
    docker.run("docker stop web")
    assert docker.run(EXIT_CODE) == "0"


def test_uv_run_stays_process_1_and_passes_sigterm_on(docker):
    """If `CMD` starts the server with `uv run --no-sync`, uv stays PID 1 while the server runs.
    When you stop the container, uv forwards SIGTERM to the server, and the container exits with
    code 0."""
    server(docker, 'CMD ["uv", "run", "--no-sync", "gunicorn", "service"]\n')
    start_server(docker)
    assert docker.run(FIRST_PROCESS).startswith("uv run")
    docker.run("docker stop web")
    docker.run("docker logs web 2>&1 | grep --only-matching 'Handling signal: term'")
    assert docker.run(EXIT_CODE) == "0"


def test_uv_run_in_an_image_without_dev_wants_to_install_dev(docker):
    """In an image built with `uv sync --no-dev`, `uv run` tries to install the `dev` group, so it
    fails if the container has no network access. `uv run --no-sync` works even without network
    access."""
    server(docker, EXEC_FORM)
    print_hello = "python -c 'print(\"Hello\")'"
    no_network = "--network none --env UV_HTTP_RETRIES=0"
    output = docker.start_fails(f"uv run {print_hello}", no_network)
    assert "iniconfig" in output
    assert "Hello" not in output
    assert docker.start(f"uv run --no-sync {print_hello}", no_network) == "Hello"


def test_uv_run_needs_a_place_to_write(docker):
    """In a container with a read-only root file system and no writable folder for uv's cache, you
    cannot start a program with `uv run --no-sync`, but you can start it directly."""
    server(docker, EXEC_FORM)
    docker.start_fails("uv run --no-sync gunicorn --version", "--read-only")
    docker.start("gunicorn --version", "--read-only")


def test_a_health_check_with_curl_fails_in_a_slim_image(docker):
    """Slim Python images do not contain curl. A health check that calls curl therefore fails, and
    the container becomes unhealthy."""
    check = "HEALTHCHECK --interval=1s --retries=1 CMD curl --fail http://127.0.0.1:8000/\n"
    server(docker, check + EXEC_FORM)
    start_server(docker)
    status = ("inspect", "--format", "{{.State.Health.Status}}")
    wait_for(docker, "unhealthy", *status)
    look = "docker inspect --format '{{(index .State.Health.Log 0).Output}}' web"
    assert "not found" in docker.run(look)


def test_a_health_check_with_python_works_in_a_slim_image(docker):
    """A health check that uses Python's `urllib` works in a slim Python image."""
    ask = "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/')"
    check = f'HEALTHCHECK --interval=1s CMD ["python", "-c", "{ask}"]\n'
    server(docker, check + EXEC_FORM)
    start_server(docker)
    status = ("inspect", "--format", "{{.State.Health.Status}}")
    wait_for(docker, "healthy", *status)
    assert docker.run("docker inspect --format '{{.State.Health.Status}}' web") == "healthy"


def test_gunicorn_needs_a_place_to_write_on_a_read_only_file_system(docker):
    """In a container started with `--read-only`, gunicorn does not start unless you give it a
    writable directory for its worker files, for example with `--worker-tmp-dir /dev/shm`."""
    server(docker, EXEC_FORM)
    assert "No usable temporary directory" in docker.start_fails(options="--read-only")
    start_server(docker, "--read-only", "gunicorn --worker-tmp-dir /dev/shm service")
    ask = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:8000/').read())"
    assert "Hello" in docker.run(f'docker exec web python -c "{ask}"')


def test_an_image_without_user_runs_as_root(docker):
    """If neither the Dockerfile nor its base image sets `USER`, containers run as root.
    The official Python images do not set it."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n")
    docker.build()
    assert docker.start("id -un") == "root"


def test_user_in_compose_replaces_the_user_of_the_image(docker):
    """If a service in `compose.yaml` has a `user:` line, Compose uses this user instead of the one
    in the image. With `user: root`, the container runs as root."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nUSER 10001\n")
    docker.build()
    assert docker.start("id -u") == "10001"
    compose = "services:\n  server:\n    image: shop\n    user: root\n"
    docker.write("compose.yaml", compose)
    # In the engine, the image and the project have names that no other claim uses.
    named = compose.replace("shop", docker.image)
    (docker.folder / "compose.yaml").write_text(f"name: {docker.container}\n{named}")
    run = "docker compose --progress quiet run --rm --no-TTY server"
    assert docker.run(f"{run} id -un") == "root"


def test_without_the_environment_on_path_the_server_is_not_found(docker):
    """`uv sync` does not put programs on `PATH`. If the Dockerfile does not put the virtual
    environment's `bin` folder on `PATH` either, the image builds, but a container that starts
    `gunicorn` by its name fails."""
    on_path = 'ENV PATH="/app/.venv/bin:$PATH"\n'
    server(docker, EXEC_FORM, INSTALL.replace(on_path, ""))
    message = "executable file not found in $PATH"
    assert docker.run(f"docker run --rm shop 2>&1 | grep --only-matching '{message}'") == message
    docker.start(".venv/bin/gunicorn --version")


SILENT = """\
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import sleep


class Silent(BaseHTTPRequestHandler):
    def do_GET(self):
        sleep(60)


HTTPServer(("", 8000), Silent).serve_forever()
"""


def test_without_a_health_check_docker_does_not_notice_a_server_that_hangs(docker):
    """If an image has no `HEALTHCHECK`, Docker does not report whether its containers are healthy.
    A container whose server no longer answers requests stays `running`."""
    docker.write("server.py", SILENT)
    run = f'FROM {PYTHON_IMAGE}\nCOPY server.py /\nCMD ["python", "/server.py"]\n'
    docker.write("Dockerfile", run)
    docker.build()
    docker.run("docker run --detach --name web shop")
    listens = "from socket import create_connection as c; c(('127.0.0.1', 8000))"
    wait_until(
        lambda: (
            not docker.engine.docker(
                "exec", docker.container, "python", "-c", listens, check=False
            ).returncode
        ),
        timeout=20,
        failing="The server did not start",
    )
    ask = "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/', timeout=1)"
    asked = f'docker exec web python -c "{ask}" 2>&1 | tail -n 1'
    assert "timed out" in docker.run(asked)
    look = "docker inspect --format '{{.State.Status}} {{json .State.Health}}' web"
    assert docker.run(look) == "running null"


MIGRATED = """\
SECRET_KEY = "made-up"
INSTALLED_APPS = ["prices"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/data/shop.sqlite3"}}
"""
CREATE_TABLE = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            "Price", [("id", models.AutoField(primary_key=True)), ("euros", models.IntegerField())]
        )
    ]
"""
ADD_PRICE = """\
from time import sleep

from django.db import migrations


def add_price(apps, schema_editor):
    sleep(2)
    apps.get_model("prices", "Price").objects.create(euros=9)


class Migration(migrations.Migration):
    dependencies = [("prices", "0001_price")]
    operations = [migrations.RunPython(add_price)]
"""


def test_two_containers_that_start_at_once_both_run_a_migration(docker):
    """Django does not lock the database while it migrates. If two containers run `migrate` at the
    same time when they start, both can run the same data migration, and its rows are then in the
    database twice."""
    migrate = 'ENV DJANGO_SETTINGS_MODULE=settings\nCMD ["python", "-m", "django", "migrate"]\n'
    django_project(docker, f"{migrate}VOLUME /data\n", MIGRATED)
    docker.write("prices/migrations/0001_price.py", CREATE_TABLE)
    docker.write("prices/migrations/0002_add_price.py", ADD_PRICE)
    docker.run("touch prices/__init__.py prices/migrations/__init__.py")
    docker.build()
    docker.run("docker run --name web shop python -m django migrate prices 0001_price")
    start = "docker run --rm --volumes-from web shop"
    docker.run(f"{start} > ../one.txt & {start} > ../two.txt; wait")
    applied = docker.run("grep --no-filename Applying ../one.txt ../two.txt")
    assert applied == "\n".join(["  Applying prices.0002_add_price... OK"] * 2)
    count = "import sqlite3; print(*sqlite3.connect('/data/shop.sqlite3').execute('{}'))"
    rows = count.format("select euros from prices_price")
    assert docker.run(f'{start} python -c "{rows}"') == "(9,) (9,)"


DEBUG_OFF = f"""\
{SETTINGS}
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
"""


def test_runserver_with_debug_off_serves_no_static_files(docker):
    """If `DEBUG` is off, `runserver` answers requests for static files with status 404. It still
    runs a second process, which restarts the server when a source file changes."""
    start = 'ENV DJANGO_SETTINGS_MODULE=settings PYTHONUNBUFFERED=1\nCMD ["python", "-m", "django"'
    django_project(docker, f'{start}, "runserver"]\n', DEBUG_OFF)
    docker.write("urls.py", "urlpatterns = []\n")
    docker.build()
    docker.run("docker run --detach --env DJANGO_SECRET_KEY=made-up --name web shop")
    wait_for(docker, "Starting development server", "logs")
    ask = "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/static/shop.css')"
    assert "404" in docker.run(f'docker exec web python -c "{ask}" 2>&1 | tail -n 1')
    processes = "grep --files-with-matches '[r]unserver' /proc/[0-9]*/cmdline"
    assert docker.run(f'docker exec web sh -c "{processes}" | wc -l') == "2"
