import pytest

from guide.content.examples import examples, variants
from guide.engine.uv import images_of
from guide.testing.session import engine_for

# A failed assertion of these helpers shows its values, as one of a test does.
pytest.register_assert_rewrite("assertions", "checks", "checks_of_jobs")


@pytest.fixture(scope="session")
def engine(request):
    """The Docker engine that scripts/test found or started."""
    return engine_for(request.config)


def pytest_base_images(item):
    """Return the images of the example that a test is about."""
    values = item.callspec.params if hasattr(item, "callspec") else {}
    example = values.get("uv_example") or values.get("example")
    return images_of(example) if example else None


def pytest_addoption(parser):
    parser.addoption(
        "--record-claims", action="store_true", help="keep the transcripts of claims anew"
    )
    parser.addoption("--uv-version", help="run the claims with another uv, recording nothing")


def pytest_generate_tests(metafunc):
    """Run a test once for each project or Dockerfile that its fixture stands for.

    `example` stands for each project under examples/, and `uv_example` for each of their
    Dockerfiles that installs with uv. A test may parametrize the fixture itself instead.
    """
    parametrized = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    for name, projects in (("example", examples), ("uv_example", uv_examples)):
        if name in metafunc.fixturenames and name not in parametrized:
            values = [pytest.param(project, id=project.name) for project in projects()]
            metafunc.parametrize(name, values, scope="session")


def uv_examples():
    return [each for each in (*examples(), *variants()) if each.has_uv]


# First, because pytest-xdist reads the mark in a hook of the same name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Run the tests that share a fixture one after another, in one process."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(shared_by(item)))


def shared_by(item):
    """Name what a test shares with others, which is the group that pytest-xdist keeps together."""
    # One site of each builder and one browser for all pages, and one registry for all pipelines.
    shared = {"built": "pages", "chromium": "pages", "zensical": "pages", "network": "pipelines"}
    for fixture, group in shared.items():
        if fixture in item.fixturenames:
            return group
    values = item.callspec.params if hasattr(item, "callspec") else {}
    for name in ("uv_example", "example"):
        if name in values:
            # The two projects of the migration have one port for their private server.
            return values[name].project.partition("/")[0]
    # Claims share nothing, other tests what their file has made.
    return item.name if {"terminal", "docker"} & {*item.fixturenames} else item.path.stem
