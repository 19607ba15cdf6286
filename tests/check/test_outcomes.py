"""The install predictor says who asked for a package, and what it cannot predict."""

import pytest

from locked_projects import SERVICE, WORKSPACE
from predictor import FILES, names, predict, problem, reasons_for


def last(line, **options):
    """Return the outcome of the last command of a line."""
    [outcomes] = predict(line, **options)
    return outcomes[-1]


def reasons(outcome, name):
    """Return what asks for an installed package, as pairs of a part of the project and a chain."""
    [package] = [each for each in outcome["packages"] if each["name"] == name]
    return [pair(each) for each in package["reasons"]]


def pair(reason):
    part = f"{reason['kind']} {reason['name']}".strip()
    return part, " > ".join(reason["chain"])


def test_a_package_has_the_chain_from_each_part_that_asks_for_it():
    outcome = last("uv sync --all-groups")
    assert reasons(outcome, "gunicorn") == [("group prod", "gunicorn")]
    assert reasons(outcome, "iniconfig") == [
        ("group dev", "pytest > iniconfig"),
        ("group test", "pytest > iniconfig"),
        ("group types", "pytest > iniconfig"),
    ]
    assert reasons(outcome, "asgiref")[0] == ("dependencies", "django > asgiref")


def test_an_extra_asks_for_packages_and_a_project_for_itself():
    outcome = last("uv sync --no-default-groups --extra pdf", files=SERVICE)
    assert reasons(outcome, "numpy") == [("extra pdf", "weasyprint > numpy")]
    assert reasons(outcome, "shop") == [("project", "")]


def test_a_server_in_a_group_that_is_not_installed_is_found_in_its_group():
    assert "gunicorn" not in names(last("uv sync --no-dev"))
    assert [pair(each) for each in reasons_for("Gunicorn")] == [("group prod", "gunicorn")]
    assert [pair(each) for each in reasons_for("numpy", SERVICE)] == [
        ("extra pdf", "weasyprint > numpy")
    ]
    assert reasons_for("uvicorn") == []


def test_the_python_version_and_the_platform_choose_packages():
    def versions(line, **settings):
        packages = last(line, files=SERVICE, **settings)["packages"]
        return {each["name"]: each["version"] for each in packages}

    line = "uv sync --no-default-groups --extra pdf"
    assert versions(line, python="3.11")["numpy"] == "1.0"
    assert versions(line, python="3.12")["numpy"] == "2.0"
    assert versions(f"{line} --python 3.12", python="3.11")["numpy"] == "2.0"
    assert versions(f"UV_PYTHON=/usr/bin/python3.11 {line}", python="3.14")["numpy"] == "1.0"
    assert "uvloop" in versions(line)
    assert "uvloop" not in versions(line, platform="linux/arm64")
    assert "tzdata" in versions(line, platform="windows/amd64")


def test_uv_sync_removes_what_it_does_not_select_and_uv_run_adds():
    everything = names(last("uv sync --all-groups"))
    assert names(last("uv sync --all-groups && uv sync --inexact --no-dev")) == everything
    assert names(last("uv sync --only-group lint && uv run --only-group prod gunicorn")) == [
        *("gunicorn", "ruff")
    ]
    assert names(
        last("uv sync --only-group lint && uv run --exact --only-group prod gunicorn")
    ) == ["gunicorn"]


def test_a_command_that_installs_nothing_leaves_the_environment_as_it_was():
    commands = (
        "uv run --no-sync ruff check",
        "UV_NO_SYNC=1 uv run ruff check",
        "uv run --isolated pytest",
        "uv run --no-project pytest",
        "uv sync --dry-run",
        "uv sync --check",
    )
    for outcomes in predict(*(f"uv sync --only-group lint && {each}" for each in commands)):
        assert [names(each) for each in outcomes] == [["ruff"], ["ruff"]]


def test_each_virtual_environment_has_its_own_packages():
    line = (
        "uv sync --only-group lint && "
        "UV_PROJECT_ENVIRONMENT=/opt/venv uv sync --only-group prod && uv run --no-sync ruff"
    )
    [outcomes] = predict(line, root="/app")
    environments = [(each["environment"], names(each)) for each in outcomes]
    assert environments == [
        ("/app/.venv", ["ruff"]),
        ("/opt/venv", ["gunicorn"]),
        ("/app/.venv", ["ruff"]),
    ]


def test_uv_pip_installs_what_was_exported():
    environments = {
        "uv pip sync requirements.txt": ".venv",
        "uv pip install --system -r requirements.txt": "system",
        "UV_SYSTEM_PYTHON=1 uv pip install -r requirements.txt": "system",
        "VIRTUAL_ENV=/opt/venv uv pip sync requirements.txt": "/opt/venv",
        "uv pip sync --python /opt/venv/bin/python requirements.txt": "/opt/venv",
        "uv pip sync --target lib requirements.txt": "lib",
    }
    export = "uv export --no-default-groups --only-group lint -o /tmp/requirements.txt"
    predicted = predict(*(f"{export} && {line}" for line in environments))
    assert {
        line: (outcomes[-1]["environment"], names(outcomes[-1]))
        for line, outcomes in zip(environments, predicted, strict=True)
    } == {line: (environment, ["ruff"]) for line, environment in environments.items()}


def test_an_export_can_be_redirected_and_leave_the_project_out():
    line = "uv export --no-default-groups > all.txt && uv pip sync all.txt"
    assert "shop" in names(last(line, files=SERVICE))
    without = line.replace("export", "export --no-emit-project")
    assert "shop" not in names(last(without, files=SERVICE))


def test_an_export_can_be_piped_into_uv_pip():
    export = "uv export --no-default-groups --only-group lint"
    for line in ("uv pip install -r -", "uv pip sync /dev/stdin"):
        assert names(last(f"{export} | {line}")) == ["ruff"]


def test_uv_pip_installs_a_project_without_its_dependencies():
    line = "uv sync --no-install-workspace && uv pip install --no-deps -e . ./packages/web"
    assert names(last(line, files=WORKSPACE)) == ["django", "pytest", "redis", "shop", "web"]
    assert "unknown" in last("uv pip install --no-deps ../other", files=WORKSPACE)
    assert "unknown" in last("uv pip install --no-deps django", files=WORKSPACE)


def test_what_cannot_be_predicted_has_a_reason():
    reasons = {
        "uv pip install django": "“django” depend on the package index.",
        "uv pip install -e .": "“.” depend on the package index.",
        "uv pip install -r pyproject.toml": "“pyproject.toml” depend on the package index.",
        "uv sync --script job.py": "The dependencies of a script are not in uv.lock.",
        "uv sync $UV_OPTIONS": "The value of “$UV_OPTIONS” is unknown.",
        "uv sync --project ../other": "The command uses another project.",
        "UV_NO_GROUP=$GROUPS uv sync": "The value of “$GROUPS” is unknown.",
        "uv add django": "The packages after this command are not predicted.",
        "uv pip install django && uv run pytest": "An earlier command is not predicted.",
    }
    for outcomes, reason in zip(predict(*reasons), reasons.values(), strict=True):
        assert outcomes[-1]["unknown"].endswith(reason)
        assert "packages" not in outcomes[-1]


def test_an_exact_sync_is_predicted_whatever_was_before():
    assert names(last("uv pip install django && uv sync --only-group lint")) == ["ruff"]


def test_commands_after_a_refused_one_do_not_run():
    [outcomes] = predict("uv sync --group nope && uv sync")
    assert [[*each] for each in outcomes] == [["text", "command", "refused"]]


def test_other_commands_install_nothing():
    [outcomes] = predict("uv --version && uv cache prune --ci && apt-get install curl && uvx ruff")
    assert [each["text"] for each in outcomes] == ["uv --version", "uv cache prune --ci"]
    assert not any("packages" in each for each in outcomes)


def test_the_project_is_found_from_the_folder_of_the_command():
    line = "uv sync --no-default-groups"
    assert "httpx" not in names(last(line, files=WORKSPACE))
    assert "httpx" in names(last(line, files=WORKSPACE, folder="packages/web/src"))
    member = "UV_PROJECT=/app/packages/web uv sync --no-default-groups"
    assert "httpx" in names(last(member, files=WORKSPACE, root="/app"))
    assert "unknown" in last(member, files=WORKSPACE, root="/srv")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "pyproject.toml is missing."),
        ({"pyproject.toml": ""}, "uv.lock is missing."),
        ({**FILES, "pyproject.toml": "[project\n"}, "pyproject.toml is not valid TOML on line 1."),
        ({**FILES, "uv.lock": "a = 1\nb ="}, "uv.lock is not valid TOML on line 2."),
        ({**FILES, "uv.lock": "package = 3\nmanifest = [1]"}, None),
        ({**FILES, "pyproject.toml": "tool = 3\ndependency-groups = 1979-05-27"}, None),
    ],
)
def test_a_file_that_is_not_understood_is_named(files, message):
    assert problem(files) == message


def test_files_with_unexpected_types_do_not_stop_the_predictor():
    files = {
        "pyproject.toml": "tool.uv.default-groups = [1]\nproject.name = 'a'",
        "uv.lock": (
            '[[package]]\nname = 1\n[[package]]\nname = "a"\nversion = 2\ndependencies = "b"\n'
            'source = { virtual = "." }\n[package.optional-dependencies]\nx = [3, { name = "b" }]'
        ),
    }
    assert last("uv sync --all-extras", files=files) == {
        "text": "uv sync --all-extras",
        "command": "sync",
        "environment": ".venv",
        "packages": [],
    }


def test_a_marker_that_is_not_understood_is_named():
    lock = SERVICE["uv.lock"].replace("sys_platform == 'win32'", "moon == 'full'")
    outcome = last("uv sync --frozen", files=SERVICE | {"uv.lock": lock})
    assert outcome["unknown"] == "“moon” is not a name that markers can use."
