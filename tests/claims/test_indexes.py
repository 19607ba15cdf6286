"""Indexes, proxies and certificates"""

import shutil
import ssl
from base64 import b64encode
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep
from urllib.parse import urlsplit

import pytest
from local_packages import write_repository, write_wheel

from guide.content.examples import examples
from guide.engine.isolated import base_image_arguments, fresh_base_image
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.commands import run
from guide.machine.serving import LOCALHOST, FolderHandler, folder_server, http_server

PRICES = """\
[project]
name = "prices"
version = "1.0.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["prices"]
"""
PUBLIC = PROJECT.replace("prices", "sqlparse==0.5.5")
SETTINGS = """\
[[index]]
url = "https://localhost:{}/simple"
default = true
"""
# Nothing listens on this port.
DEAD = "http://127.0.0.1:9"
ONCE = "UV_HTTP_RETRIES=0"
LOOK = "uv pip compile --no-cache --no-header --no-annotate"
DOCKERFILE = f"""\
FROM {PYTHON_IMAGE}
COPY --from={examples()[0].uv_image} /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
"""
STORE = """\
COPY company-ca.pem /usr/local/share/ca-certificates/company.crt
RUN update-ca-certificates
"""
SECRET = "--mount=type=secret,id=company_ca,target=/etc/ssl/company.pem,required=true"


def certificate(home):
    """Create a certificate for localhost, ~/company-ca.pem. Return the paths of it and its key."""
    paths = home / "company-ca.pem", home / "key.pem"
    command = ("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    names = ("-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE")
    run(*command, *names, "-out", paths[0], "-keyout", paths[1], failing="openssl")
    return paths


@contextmanager
def company_index(terminal):
    """Serve an index and its mirror, both with the package prices and a certificate that no system
    trusts, and yield the port. In transcripts, the port is 8443.
    """
    home = terminal.home
    package = home / "prices/src/prices"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (home / "prices/pyproject.toml").write_text(PRICES)
    build = (terminal.uv, "build", "--wheel", "--out-dir", home / "index/simple/prices")
    # In a folder of this repository, the repository's uv settings would apply.
    run(*build, package.parents[1], failing="uv build", cwd=home, env=terminal.environ)
    shutil.copytree(home / "index/simple", home / "index/mirror")
    server = ThreadingHTTPServer((LOCALHOST, 0), partial(FolderHandler, directory=home / "index"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(home))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    terminal.ports[server.server_port] = 8443
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def company(terminal):
    """Yield the port of a company's index, which uv's settings name."""
    with company_index(terminal) as port:
        terminal.write("~/.config/uv/uv.toml", SETTINGS.format(port))
        yield port


def look(terminal, environ="", package="prices", uv="uv"):
    """Look up a package in the index. Return the version or the reason why the lookup failed."""
    command = " ".join(f"echo {package} | {environ} {ONCE} {LOOK} - 2>&1".split())
    reason = "^[a-z]+==.*|invalid peer certificate: .*|Connection refused"
    return terminal.run(f"{command.replace('uv pip', f'{uv} pip')} | grep -oE '{reason}'")


def test_ssl_cert_file_replaces_the_trusted_certificates(terminal, company):
    """If `SSL_CERT_FILE` points to a company certificate and `SSL_CERT_DIR` is not set, uv trusts
    only that certificate. It can therefore connect to the company's index but not to the public
    index."""
    assert "UnknownIssuer" in look(terminal)
    trusted = "env -u SSL_CERT_DIR SSL_CERT_FILE=$HOME/company-ca.pem"
    assert look(terminal, trusted) == "prices==1.0.0"
    assert "UnknownIssuer" in look(terminal, trusted, "sqlparse==0.5.5", "uv --no-config")


def test_uv_ignores_the_certificate_variables_of_pip(terminal, company):
    """Even if `REQUESTS_CA_BUNDLE` and `PIP_CERT` point to a company certificate, uv rejects the
    certificate of the company's index."""
    pip = "REQUESTS_CA_BUNDLE=~/company-ca.pem PIP_CERT=~/company-ca.pem"
    assert "UnknownIssuer" in look(terminal, pip)


def test_uv_insecure_host_accepts_any_certificate(terminal, company):
    """With `UV_INSECURE_HOST=localhost`, uv accepts an untrusted certificate from `localhost`."""
    assert look(terminal, "UV_INSECURE_HOST=localhost") == "prices==1.0.0"


def test_uv_native_tls_is_deprecated(terminal):
    """With `UV_NATIVE_TLS=1`, uv prints a warning that recommends `UV_SYSTEM_CERTS` instead."""
    terminal.write("pyproject.toml", PUBLIC)
    assert "Use `UV_SYSTEM_CERTS` instead" in terminal.run("UV_NATIVE_TLS=1 uv lock")


def test_uv_uses_the_proxy_except_for_no_proxy(terminal, company):
    """If the proxy in `HTTPS_PROXY` is unreachable, uv cannot connect to an index unless `NO_PROXY`
    lists the index's host."""
    proxy = f"env -u no_proxy NO_PROXY= HTTPS_PROXY={DEAD} UV_INSECURE_HOST=localhost"
    assert "Connection refused" in look(terminal, proxy)
    assert look(terminal, proxy.replace("NO_PROXY=", "NO_PROXY=localhost")) == "prices==1.0.0"


def test_locked_needs_the_index_url_of_the_lockfile(terminal, company):
    """`uv sync --locked` fails if the URL in `UV_DEFAULT_INDEX` differs from the index URL in
    `uv.lock`. The command fails even if the only difference is a trailing slash. It also fails if
    `UV_DEFAULT_INDEX` points to a mirror with the same packages."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_INSECURE_HOST=localhost uv lock")
    index = f"UV_INSECURE_HOST=localhost UV_DEFAULT_INDEX=https://localhost:{company}"
    for path, passes in (("simple", True), ("simple/", False), ("mirror", False)):
        (terminal.run if passes else terminal.fails)(f"{index}/{path} uv sync --locked")


def test_frozen_ignores_the_index_and_an_export_uses_it(terminal):
    """If the index in `UV_DEFAULT_INDEX` is unreachable, `uv sync --frozen` still works, but `uv
    pip sync` with an exported requirements file fails."""
    terminal.write("pyproject.toml", PUBLIC)
    terminal.run("uv lock")
    terminal.run("uv export --frozen --no-header --quiet --output-file requirements.txt")
    index = f"{ONCE} UV_DEFAULT_INDEX={DEAD}/simple"
    terminal.run(f"{index} uv sync --frozen --no-cache")
    terminal.fails(f"{index} uv pip sync --no-cache --reinstall requirements.txt")


def test_a_bundle_of_both_certificates_works_for_both_indexes(terminal, company):
    """If `SSL_CERT_FILE` points to a file with the public certificates and the company's
    certificate, uv can connect to the company's index and to the public index."""
    public = "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"
    terminal.run(f"cat {public} ~/company-ca.pem > ~/all.pem")
    trusted = "env -u SSL_CERT_DIR SSL_CERT_FILE=$HOME/all.pem"
    assert look(terminal, trusted) == "prices==1.0.0"
    assert look(terminal, trusted, "sqlparse==0.5.5", "uv --no-config") == "sqlparse==0.5.5"


def test_uv_trusts_the_certificates_in_ssl_cert_dir(terminal, company):
    """If `SSL_CERT_DIR` points to a folder that contains the company's certificate, uv can connect
    to the company's index. The file needs neither a certain name nor a hash as its name."""
    terminal.run("mkdir ~/certs && cp ~/company-ca.pem ~/certs/company.crt")
    trusted = "env -u SSL_CERT_FILE SSL_CERT_DIR=$HOME/certs"
    assert look(terminal, trusted) == "prices==1.0.0"


def test_a_certificate_file_that_does_not_exist_trusts_nothing(terminal, company):
    """If `SSL_CERT_FILE` points to a file that does not exist, uv prints a warning and trusts no
    certificate, not even the public ones."""
    command = f"env -u SSL_CERT_DIR SSL_CERT_FILE=/etc/company-ca.pem {ONCE} uv --no-config"
    output = terminal.fails(f"echo sqlparse | {command} pip compile --no-cache - 2>&1")
    assert "No default certificates will be trusted" in output
    assert "UnknownIssuer" in output


def test_git_does_not_read_ssl_cert_file(terminal, company):
    """uv fetches packages from a Git repository with Git, which ignores `SSL_CERT_FILE`. Git reads
    the path of the company's certificate from `GIT_SSL_CAINFO`."""
    home = terminal.home
    write_repository(home / "prices", home / "index/prices.git", terminal.environ)
    source = f'prices.git = "https://localhost:{company}/prices.git"'
    terminal.write("pyproject.toml", f"{PROJECT}\n[tool.uv.sources]\n{source}\n")
    lock = "env -u GIT_SSL_CAINFO SSL_CERT_FILE=$HOME/company-ca.pem"
    terminal.fails(f"{lock} uv lock --no-cache 2> log")
    # Older releases of uv wrap long lines.
    terminal.run("tr -s '[:space:]' ' ' < log | grep -o 'server certificate verification failed'")
    terminal.run(f"{lock} GIT_SSL_CAINFO=$HOME/company-ca.pem uv lock --no-cache")


def test_requests_does_not_read_ssl_cert_file(terminal, company):
    """Python's `urllib` reads `SSL_CERT_FILE`, and the package requests ignores it. requests reads
    `REQUESTS_CA_BUNDLE`."""
    terminal.run("uv --no-config venv --quiet")
    terminal.run("uv --no-config pip install --quiet requests==2.32.5")
    url = f"https://localhost:{company}/simple/"
    for package, call in (("urllib.request", "urlopen('{}')"), ("requests", "get('{}')")):
        terminal.write(f"{package}.check.py", f"import {package}\n\n{package}.{call.format(url)}\n")
    clean = "env -u SSL_CERT_DIR -u REQUESTS_CA_BUNDLE -u CURL_CA_BUNDLE"
    python = "SSL_CERT_FILE=$HOME/company-ca.pem .venv/bin/python"
    terminal.run(f"{clean} {python} urllib.request.check.py")
    terminal.fails(f"{clean} {python} requests.check.py 2> log")
    terminal.run("tail -n 1 log | grep -o 'certificate verify failed'")
    terminal.run(f"{clean} REQUESTS_CA_BUNDLE=$HOME/company-ca.pem {python} requests.check.py")


class ProxyHandler(FolderHandler):
    """Answer requests for any host with files of a folder, if they have the right password."""

    def do_GET(self):
        """Send a file."""
        expected = b64encode(b"reader:p@ss").decode()
        if self.headers["Proxy-Authorization"] != f"Basic {expected}":
            self.send_error(HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)
            return
        self.path = urlsplit(self.path).path
        super().do_GET()


def test_uv_sends_the_password_in_the_url_of_the_proxy(terminal):
    """uv sends the user name and the password that are in the URL of a proxy, and decodes
    percent-encoded characters in them, such as `%40`. If the proxy requires a password and the URL
    does not contain it, uv reports `407 Proxy Authentication Required`."""
    write_wheel(terminal.home / "index/simple/prices", "prices")
    terminal.write("pyproject.toml", PROJECT)
    lock = "UV_DEFAULT_INDEX=http://packages.example.com/simple uv lock --no-cache"
    with folder_server(terminal.home / "index", ProxyHandler) as proxy:
        terminal.ports[int(proxy.rpartition(":")[2])] = 3128
        clean = "env -u NO_PROXY -u no_proxy"
        assert "407 Proxy Authentication Required" in terminal.fails(
            f"{clean} HTTP_PROXY={proxy} {lock}"
        )
        proxy = proxy.replace("//", "//reader:p%40ss@")
        terminal.run(f"{clean} HTTP_PROXY={proxy} {lock}")


class FailingHandler(FolderHandler):
    """Answer the first request with 503 Service Unavailable."""

    failures = 1

    def do_GET(self):
        """Send an error or a file."""
        if type(self).failures:
            type(self).failures -= 1
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            super().do_GET()


def test_uv_repeats_a_request_after_a_temporary_error(terminal):
    """If an index answers with a temporary error such as `503 Service Unavailable`, uv repeats the
    request. With `UV_HTTP_RETRIES=0`, uv fails at the first error."""
    write_wheel(terminal.home / "index/simple/prices", "prices")
    terminal.write("pyproject.toml", PROJECT)
    with folder_server(terminal.home / "index", FailingHandler) as origin:
        terminal.ports[int(origin.rpartition(":")[2])] = 8080
        lock = f"UV_DEFAULT_INDEX={origin}/simple uv lock --no-cache"
        FailingHandler.failures = 1
        assert "503 Service Unavailable" in terminal.fails(f"{ONCE} {lock}")
        FailingHandler.failures = 1
        terminal.run(lock)
        assert FailingHandler.failures == 0


class BusyHandler(FolderHandler):
    """Answer with 429 Too Many Requests while another request is being answered."""

    busy = Lock()

    def do_GET(self):
        """Send an error, or a file after some time."""
        if not self.busy.acquire(blocking=False):
            self.send_error(HTTPStatus.TOO_MANY_REQUESTS)
            return
        sleep(0.2)
        # Release it before uv gets the file and sends its next request.
        self.busy.release()
        super().do_GET()


def test_uv_concurrent_downloads_limits_the_requests_at_a_time(terminal):
    """uv downloads several packages at the same time. If the index rejects this, for example with
    `429 Too Many Requests`, `uv sync` fails. With `UV_CONCURRENT_DOWNLOADS=1`, uv downloads one
    package after another."""
    for name in ("prices", "stock", "orders"):
        write_wheel(terminal.home / "index/simple" / name, name)
    terminal.write("pyproject.toml", PROJECT.replace('"prices"', '"prices", "stock", "orders"'))
    with folder_server(terminal.home / "index") as origin:
        terminal.ports[int(origin.rpartition(":")[2])] = 8080
        terminal.run(f"UV_DEFAULT_INDEX={origin}/simple uv lock --no-cache")
    with http_server(
        partial(BusyHandler, directory=str(terminal.home / "index")), port=urlsplit(origin).port
    ):
        sync = f"{ONCE} uv sync --frozen --no-cache --reinstall"
        assert "+ stock==1.0.0" in terminal.run(f"UV_CONCURRENT_DOWNLOADS=1 {sync}")
        terminal.fails(f"{sync} 2> log")
        terminal.run("grep -o '429 Too Many Requests' log")


def test_uv_pip_sync_installs_from_a_folder_of_wheels(terminal):
    """`uv pip sync` can install an exported requirements file from a folder of wheels, without the
    network. `uv sync` ignores `UV_FIND_LINKS`, because `uv.lock` contains the URL of each file."""
    terminal.write("pyproject.toml", PUBLIC)
    terminal.run("uv lock && uv export --locked --quiet --output-file requirements.txt")
    terminal.run("uvx --quiet pip download -q --no-deps --dest wheels -r requirements.txt")
    offline = "UV_OFFLINE=1 UV_NO_CACHE=1 UV_NO_INDEX=1 UV_FIND_LINKS=wheels"
    assert "network" in terminal.fails(f"{offline} uv sync --frozen").lower()
    assert "+ sqlparse==0.5.5" in terminal.run(f"{offline} uv pip sync requirements.txt")


@pytest.fixture
def company_project(docker):
    """Lock a project that depends on a package from a company's index, which builds can reach."""
    image = fresh_base_image(docker.engine, PYTHON_IMAGE)
    unset = f"{image}-without-certificates"
    # Unlike the official image, a stand-in sets this variable.
    shell = '["/usr/bin/env", "--unset=SSL_CERT_FILE", "/bin/sh", "-c"]'
    docker.engine.build_text(f"FROM {image}\nSHELL {shell}\n", unset)
    docker.hidden = [*base_image_arguments({PYTHON_IMAGE: unset}), "--network=host"]
    with company_index(docker) as port:
        index = f'\n[[tool.uv.index]]\nurl = "https://localhost:{port}/simple"\ndefault = true\n'
        docker.write("pyproject.toml", PROJECT + index)
        docker.run("mv ../company-ca.pem .")
        docker.run("env -u SSL_CERT_DIR SSL_CERT_FILE=company-ca.pem uv lock --no-cache")
        yield


def test_system_certs_trusts_a_certificate_in_the_store_of_an_image(docker, company_project):
    """After `update-ca-certificates` in a Debian-based image, uv trusts your company's certificate
    only with `UV_SYSTEM_CERTS=1`."""
    first, rest = DOCKERFILE.split("WORKDIR")
    docker.write("Dockerfile", f"{first}{STORE}WORKDIR{rest}")
    assert "UnknownIssuer" in docker.build_fails()
    docker.write("Dockerfile", f"{first}{STORE}ENV UV_SYSTEM_CERTS=1\nWORKDIR{rest}")
    assert "+ prices==1.0.0" in docker.build(shown="prices==").output


def test_a_certificate_can_be_a_build_secret(docker, company_project):
    """A step can mount your company's certificate as a build secret and name it in `SSL_CERT_FILE`.
    The image does not contain the certificate."""
    mounted = f"RUN {SECRET} \\\n    SSL_CERT_FILE=/etc/ssl/company.pem uv sync"
    docker.write("Dockerfile", DOCKERFILE.replace("RUN uv sync", mounted))
    built = docker.build("--secret", "id=company_ca,src=company-ca.pem", shown="prices==")
    assert "+ prices==1.0.0" in built.output
    docker.start_fails("ls /etc/ssl/company.pem")
