"""Which files the build gets, as Docker's pattern matcher decides it."""

import pytest

from guide import ROOT
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/dockerignore.js"
CONTEXT = "([files, text]) => [...module.context(files, text).keys()]"

# Patterns, a path, and whether they match it. Most are from the matcher's own tests.
MATCHES = [
    ("**", "file", True),
    ("**/", "dir/file", True),
    ("**/**", "dir/file", True),
    ("dir/**", "dir/file", True),
    ("dir/**", "dir/dir2/file", True),
    ("**/dir", "dir", True),
    ("**/dir", "dir/file", True),
    ("**/dir2/*", "dir/dir2/file", True),
    ("**/dir2/**", "dir/dir2/dir3/file", True),
    ("**file", "file", True),
    ("**file", "dir/file", True),
    ("**file", "dir/profile", True),
    ("**/file", "dir/profile", False),
    ("**/file", "dir/dir/file", True),
    ("**/file*txt", "dir/dir/file.txt", True),
    ("**/file*.txt*", "dir/dir/file.txt", True),
    ("**/**/*.txt", "dir/dir/file.txt", True),
    ("**/**/*.txt2", "dir/dir/file.txt", False),
    ("**/*.txt", "file.txt", True),
    ("a**/*.txt", "a/dir/dir/file.txt", True),
    ("a/*.txt", "a/dir/file.txt", False),
    ("a/*.txt", "a/file.txt", True),
    ("a/*.txt**", "a/file.txt", True),
    ("a[b-d]e", "ae", False),
    ("a[b-d]e", "ace", True),
    ("a[b-d]e", "aae", False),
    ("a[^b-d]e", "aze", True),
    (".*", ".foo", True),
    (".*", "foo", False),
    ("abc.def", "abcZdef", False),
    ("abc?def", "abcZdef", True),
    ("abc?def", "abcdef", False),
    (r"a\\", "a\\", True),
    (r"a\*b", "a*b", True),
    (r"a\*b", "aab", False),
    ("**/foo/bar", "dir/dir2/foo/bar", True),
    ("abc/**", "abc", False),
    ("**/.foo", "bar.foo", False),
    ("a(b)c/def", "a(b)c/def", True),
    ("a.|)$(}+{bc", "a.|)$(}+{bc", True),
    ("dist/*.whl", "dist/a-2.4.0rc3+g08-py3-none-any.whl", True),
    ("/docs", "docs/a", True),
    ("./docs/", "docs/a", True),
    ("docs/../src", "src", True),
    ("*", "dir/file", True),
    ("  spaces  ", "spaces", True),
    ("# comment", "# comment", False),
    (" #name", "#name", True),
    ("!", "!", False),
    ("", "", False),
    ("[", "[", False),
    ("*🐍", "a🐍", True),
    ("?", "🐍", True),
    # The last pattern that matches decides.
    ("**\n!util/docker/web", "util/docker/web/foo", False),
    ("**\n!util/docker/web\nutil/docker/web/foo", "util/docker/web/foo", True),
    ("!file.go\n*.go", "file.go", True),
    ("*.go\n!file.go", "file.go", False),
    ("docs\n!docs/README.md", "docs/README.md", False),
    ("docs/*\n!docs/README.md", "docs/index.md", True),
    ("*\n!**/*.py", "app/views.py", False),
    ("*\n! src", "src/a", False),
]


def test_patterns_match():
    function = "(list) => list.map(([t, path]) => module.matcher(module.patterns(t))(path))"
    matched = node.call(MODULE, function, [case[:2] for case in MATCHES])
    wrong = [case for case, match in zip(MATCHES, matched, strict=True) if match != case[2]]
    assert wrong == []


@pytest.mark.timeout(20)
def test_hundreds_of_wildcards_take_little_time():
    """A regular expression would try every way to divide the path among the wildcards."""
    function = """(list) => list.map(([text, path]) =>
        module.matcher(module.patterns(text))(path))"""
    wildcards = ("*", "**", "**/", "[ab]*", "?*")
    cases = [[f"{f'{each}a' * 200}b", f"{'a' * 300}cb"] for each in wildcards]
    assert node.call(MODULE, function, cases) == [False] * len(cases)
    assert node.call(MODULE, function, [["*a" * 200, "a" * 500]]) == [True]


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        pytest.param("", ["a/b/c"], ["a/", "a/b/", "a/b/c"], id="everything"),
        pytest.param("a", ["a/b", "c"], ["c"], id="folder"),
        # Docker sends the folder, although it ignores the only file in it.
        pytest.param(
            "**/*.pyc", ["app/__pycache__/x.pyc"], ["app/", "app/__pycache__/"], id="empty"
        ),
        pytest.param("*\n!src", ["src/a", "b"], ["src/", "src/a"], id="allowlist"),
        # The folders above an exception exist, although the patterns exclude them.
        pytest.param("a\n!a/b/c", ["a/b/c", "a/d"], ["a/", "a/b/", "a/b/c"], id="exception"),
    ],
)
def test_folders_are_part_of_the_context(text, files, expected):
    assert node.call(MODULE, CONTEXT, [dict.fromkeys(files, "hash"), text]) == expected
