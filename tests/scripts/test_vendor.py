"""Bundle the libraries of the site's modules again, and compare the bytes."""

import pytest

from guide.machine import node
from guide.site import vendor


@pytest.mark.parametrize("library", vendor.LIBRARIES)
def test_a_bundle_and_its_licence_are_made_from_the_lockfile(library):
    for name, content in vendor.bundle(library).items():
        assert (vendor.VENDOR / name).read_bytes() == content, (
            f"{name} differs: run `uv run --group test python -m guide.site.vendor`"
        )


def test_each_published_library_is_bundled_here():
    bundles = {f"{vendor.bundle_name(library)}.js" for library in vendor.LIBRARIES}
    assert {path.name for path in vendor.VENDOR.glob("*.js")} == bundles


def test_the_bundles_parse():
    toml = vendor.VENDOR / "smol-toml.js"
    assert node.call(toml, "module.parse", "[a]\nb = 1\n") == {"a": {"b": 1}}
    versions = vendor.VENDOR / "pep440.js"
    assert node.call(versions, '(text) => module.satisfies(text, ">=3.9")', "3.14.2") is True
