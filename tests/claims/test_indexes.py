"""Indexes, proxies and certificates"""

import shutil
import ssl
from functools import partial
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from guide.machine.commands import run
from guide.machine.serving import LOCALHOST, FolderHandler

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


def certificate(home):
    """Create a certificate for localhost, ~/company-ca.pem. Return the paths of it and its key."""
    paths = home / "company-ca.pem", home / "key.pem"
    command = ("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    names = ("-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE")
    run(*command, *names, "-out", paths[0], "-keyout", paths[1], failing="openssl")
    return paths


@pytest.fixture
def company(terminal):
    """Serve an index and its mirror, both with the package prices and a certificate that no system
    trusts, and yield the port. uv's settings name the index. In transcripts, the port is 8443.
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
    terminal.write("~/.config/uv/uv.toml", SETTINGS.format(server.server_port))
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


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
