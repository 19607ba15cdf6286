"""Keeping requirements.txt with uv pip"""

REQUIREMENTS = "django>=5.2\n"
COMPILED = """\
asgiref==3.11.1
    # via django
django==5.2.8
    # via -r requirements.in
sqlparse==0.5.5
    # via django
"""
VERSIONS = ["asgiref==3.11.1", "django==5.2.8", "sqlparse==0.5.5"]
# Nothing listens on this port.
DEAD = "http://127.0.0.1:9/simple"
ONCE = "UV_HTTP_RETRIES=0"


def pip_tools(terminal):
    """Write a project of pip-tools."""
    terminal.write("requirements.in", REQUIREMENTS)
    terminal.write("requirements.txt", COMPILED)


def test_uv_pip_compile_keeps_the_versions_in_its_output_file(terminal):
    """`uv pip compile -o requirements.txt` keeps the versions in that file, and
    `--upgrade-package` updates only the package that it names. If you redirect the output with `>`
    instead, uv takes the newest versions."""
    pip_tools(terminal)
    compile_quietly = "uv pip compile --quiet --no-header --no-annotate requirements.in"
    assert terminal.run(f"{compile_quietly} -o requirements.txt").splitlines() == []
    assert terminal.run("cat requirements.txt").splitlines() == VERSIONS
    terminal.run(f"{compile_quietly} -o requirements.txt --upgrade-package sqlparse")
    assert terminal.run("grep -v sqlparse requirements.txt").splitlines() == VERSIONS[:2]
    terminal.fails("grep sqlparse==0.5.5 requirements.txt")
    terminal.run(f"{compile_quietly} > requirements.txt")
    terminal.fails("grep django==5.2.8 requirements.txt")


def test_uv_pip_compile_drops_hashes_by_default(terminal):
    """`uv pip compile` writes no hashes unless you pass `--generate-hashes` or set
    `generate-hashes` under `[tool.uv.pip]`. It also removes hashes from an existing file, and
    ignores `[tool.pip-tools]`."""
    pip_tools(terminal)
    compile_file = "uv pip compile --quiet requirements.in -o requirements.txt"
    count = "grep --count hash=sha256 requirements.txt"
    terminal.run(f"{compile_file} --generate-hashes")
    assert terminal.run(count) == "6"
    terminal.write("pyproject.toml", "[tool.pip-tools]\ngenerate-hashes = true\n")
    terminal.run(compile_file)
    terminal.fails(count)
    terminal.write("pyproject.toml", "[tool.uv.pip]\ngenerate-hashes = true\n")
    terminal.run(compile_file)
    assert terminal.run(count) == "6"


def test_uv_pip_compile_writes_a_file_for_one_platform(terminal):
    """By default, `uv pip compile` writes the packages for the platform on which you run it. With
    `--universal`, it also writes packages for other platforms, with a marker."""
    pip_tools(terminal)
    compile_file = "uv pip compile --quiet requirements.in -o requirements.txt"
    terminal.run(compile_file)
    terminal.fails("grep tzdata requirements.txt")
    terminal.run(f"{compile_file} --universal")
    marker = terminal.run("grep tzdata requirements.txt | cut -d' ' -f2-")
    assert marker == "; sys_platform == 'win32'"


def test_uv_pip_sync_does_not_notice_a_new_requirement(terminal):
    """`uv pip sync requirements.txt` succeeds even if `requirements.in` lists a package that is
    missing from `requirements.txt`."""
    terminal.write("requirements.in", "sqlparse\niniconfig\n")
    terminal.write("requirements.txt", "sqlparse==0.5.5\n")
    terminal.run("uv venv --quiet")
    terminal.run("uv pip sync requirements.txt")
    assert terminal.installed() == ["sqlparse"]


def test_uv_pip_ignores_the_settings_of_pip(terminal):
    """`uv pip` ignores the index in `PIP_INDEX_URL` and in `pip.conf`. It uses the index in
    `UV_DEFAULT_INDEX`."""
    pip_tools(terminal)
    compile_file = f"{ONCE} uv pip compile --quiet requirements.in -o requirements.txt"
    terminal.write("~/.config/pip/pip.conf", f"[global]\nindex-url = {DEAD}\n")
    assert terminal.run(f"PIP_INDEX_URL={DEAD} {compile_file}") == ""
    output = terminal.fails(f"UV_DEFAULT_INDEX={DEAD} {compile_file}")
    assert "Connection refused" in output


def test_uv_pip_sync_needs_a_virtual_environment(terminal):
    """Without a virtual environment, `uv pip sync` fails. After `uv venv`, it installs the packages
    into `.venv`."""
    terminal.write("requirements.txt", "sqlparse==0.5.5\n")
    assert "No virtual environment found" in terminal.fails("uv pip sync requirements.txt")
    terminal.run("uv venv --quiet && uv pip sync requirements.txt")
    assert terminal.installed() == ["sqlparse"]
