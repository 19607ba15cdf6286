"""Check the lint, format, types and imports of the guide's Python, JavaScript and CSS."""

import json
import re
import shutil

import pytest

from guide import ROOT
from guide.machine import node
from guide.machine.commands import tool
from guide.site import assets
from guide.testing.reports import NoSkips

MODULES = [*assets.modules(ROOT / "docs/assets/js"), *assets.modules(ROOT / "docs/theme")]
EVALUATOR = node.PROJECTS / "pipelines/evaluate.mjs"


# Maximum length of a module. Only modules of data may be longer.
MAX_LINES = 450
DATA = {ROOT / "scripts/guide/content/recording_types.py"}


def test_ruff_reports_nothing():
    for command in (["check"], ["format", "--check"]):
        done = tool("ruff", *command, "--no-cache", ROOT)
        assert done.returncode == 0, done.stdout


def biome(folder):
    """Check the JavaScript and the CSS under a folder."""
    return node.run(
        *("javascript", "biome", "check", "--error-on-warnings"),
        cwd=folder,
        failing="Biome failed",
        check=False,
    )


def tsc(folder):
    """Check the types of the site's modules under a folder."""
    return node.run("javascript", "tsc", cwd=folder, failing="tsc failed", check=False)


@pytest.mark.parametrize("checker", [biome, tsc])
def test_javascript_and_css_are_free_of_errors(checker):
    done = checker(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


# The lines that are added to files, and what the checker prints about each of them.
FAULTS = {
    biome: [
        ("docs/assets/js/format.js", "const unused = 1;", r"{file}:{line}:\d+ .*noUnusedVariables"),
        ("docs/assets/js/kit/names.js", "export  const spaced = 1;", r"{file} format "),
        (
            "scripts/guide/site/css/text.css",
            "a { colour: red; }",
            r"{file}:{line}:\d+ .*noUnknownProperty",
        ),
    ],
    tsc: [
        ("docs/assets/js/format.js", 'seconds("1");', r"{file}\({line},\d+\): error TS2345"),
        (
            "docs/assets/js/kit/names.js",
            "export const f = (value) => value;",
            r"{file}\({line},\d+\): error TS7006",
        ),
        ("docs/theme/scheme.js", "__md_get(1);", r"{file}\({line},\d+\): error TS2345"),
    ],
}


@pytest.mark.parametrize("checker", FAULTS)
def test_errors_in_javascript_and_css_are_found(tmp_path, checker):
    """All errors are planted at once, because a checker takes seconds."""
    for name in ("docs/assets/js", "docs/theme", "scripts/guide/site"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("biome.jsonc", "tsconfig.json"):
        shutil.copy(ROOT / name, tmp_path)
    expected = []
    for file, text, report in FAULTS[checker]:
        source = (tmp_path / file).read_text()
        (tmp_path / file).write_text(f"{source}{text}\n")
        line = source.count("\n") + 1
        expected.append(report.format(file=re.escape(file), line=line))
    done = checker(tmp_path)
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert [each for each in expected if not re.search(each, output)] == [], output


def evaluator_errors(folder, line):
    """Check the types of evaluate.mjs, with `line` added, against those of GitHub's library."""
    packages = node.installed_project("pipelines") / "node_modules"
    (folder / "node_modules").symlink_to(packages, target_is_directory=True)
    (folder / EVALUATOR.name).write_text(f"{EVALUATOR.read_text()}{line}\n")
    settings = {"extends": str(ROOT / "tsconfig.json"), "files": [EVALUATOR.name], "include": []}
    settings["compilerOptions"] = {"skipLibCheck": True}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    return tsc(folder).stdout


def test_the_only_type_error_in_the_evaluator_of_expressions_is_the_planted_one(tmp_path):
    (error,) = evaluator_errors(tmp_path, "new Lexer(1);").splitlines()
    assert "TS2345" in error


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_evades_the_type_checker(module):
    text = module.read_text()
    assert text.startswith("// @ts-check\n")
    assert re.findall(r"@ts-(?!check\b)\w+|\{[^}]*\bany\b[^}]*\}", text) == []


def test_types_are_free_of_errors():
    done = tool("mypy", "--cache-dir=/dev/null", cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_packages_import_one_way():
    done = tool("lint-imports", "--no-cache", cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_no_module_is_too_long():
    python = {*(ROOT / "scripts").rglob("*.py"), *(ROOT / "tests").rglob("*.py")} - DATA
    modules = python | {*MODULES}
    lengths = {path: len(path.read_text().splitlines()) for path in modules}
    assert lengths
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}


def test_tests_that_share_a_fixture_run_in_one_process(request):
    """pytest-xdist appends the group to the identifier of a test."""
    if hasattr(request.config, "workerinput"):
        assert request.node.nodeid.endswith("@test_style")


# The modules have different names, because an imported module stays in this process.
@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("test_skipped", "import pytest\n\ndef test_it():\n    pytest.skip('x')\n"),
        ("test_skipped_module", "import pytest\n\npytest.skip('x', allow_module_level=True)\n"),
    ],
    ids=["test", "module"],
)
def test_a_skip_fails_the_run(tmp_path, module, text):
    (tmp_path / f"{module}.py").write_text(text)
    (tmp_path / "test_passes.py").write_text("def test_it():\n    pass\n")
    options = ["--quiet", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    code = pytest.main([*options, "--import-mode=importlib", str(tmp_path)], [NoSkips()])
    assert code == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_paths_in_the_documents_for_contributors_exist(name):
    text = (ROOT / name).read_text()
    paths = re.findall(r"`((?:docs|examples|scripts|tests)/[\w./-]*)", text)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
