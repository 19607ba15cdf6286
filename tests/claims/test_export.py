"""What `uv export` writes: the same for the same packages, checked when it is installed."""

import pytest

PROJECT = """
mkdir /project && cd /project
cat > pyproject.toml <<END
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.12"
dependencies = ["sqlparse"]
[dependency-groups]
prod = ["asgiref"]
[tool.uv]
package = false
[tool.ruff]
line-length = 88
END
uv lock --quiet
export_with() { uv export --quiet --locked --no-default-groups --group prod \
    --no-emit-project "$@"; }
export_with --no-header --no-annotate > before
"""
EDITS = {
    "version": "uv version --quiet --bump patch --no-sync",
    "linter": "sed -i s/88/100/ pyproject.toml",
    "dev group": "uv add --quiet --no-sync --dev iniconfig",
    "name": "sed -i s/shop/store/ pyproject.toml && uv lock --quiet",
    "moved": "uv remove --quiet --no-sync sqlparse && "
    "uv add --quiet --no-sync --group prod sqlparse",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_same_packages_give_the_same_file(shell, edit):
    again = "export_with --no-header --no-annotate > after && cmp before after"
    assert shell(f"{PROJECT}\n{edit}\n{again} && echo same")[-1] == "same"


def test_with_notes_a_new_name_gives_another_file(shell):
    script = f"export_with > before\n{EDITS['name']}\nexport_with > after\ncmp before after || true"
    assert "before after differ" in " ".join(shell(f"{PROJECT}\n{script}"))


def test_another_package_gives_another_file(shell):
    script = "uv add --quiet --no-sync iniconfig\nexport_with --no-header --no-annotate > after"
    assert "differ" in " ".join(shell(f"{PROJECT}\n{script}\ncmp before after || true"))


def test_a_stale_lock_is_not_exported(shell):
    stale = """sed -i 's/"sqlparse"/"sqlparse", "iniconfig"/' pyproject.toml\nexport_with"""
    said = " ".join(shell(f"{PROJECT}\n{stale}", check=False))
    assert "`--locked` was provided" in said


@pytest.mark.parametrize("flag", ["--require-hashes", ""])
def test_a_package_with_another_hash_is_refused(shell, flag):
    install = f"uv venv --quiet && uv pip sync {flag} before"
    changed = "sed -i 's/sha256:./sha256:f/' before && sed -i 's/sha256:f./sha256:ee/' before"
    assert "Hash mismatch" in " ".join(shell(f"{PROJECT}\n{changed}\n{install}", check=False))


def test_a_package_without_a_hash_is_refused(shell):
    install = "uv venv --quiet && uv pip sync --require-hashes before"
    changed = "sed -i '/--hash/d; s/ .$//' before"
    said = " ".join(shell(f"{PROJECT}\n{changed}\n{install}", check=False))
    assert "all requirements must have a hash" in said


def test_pylock_toml_is_still_experimental(shell):
    """Which is why the examples export a requirements file."""
    export = "export_with --format pylock.toml > pylock.toml"
    script = f"{export}\nuv venv --quiet\nuv pip sync pylock.toml"
    said = " ".join(shell(f"{PROJECT}\n{script}", check=False))
    assert "experimental and may change without warning" in said
