import pytest

from guide.content.examples import examples
from guide.engine.uv import images_of
from guide.testing.session import engine_for
from guide.testing.shards import read_durations
from samples import uv_examples

# Failed assertions in these helper modules show their values, as in tests.
pytest.register_assert_rewrite("assertions", "checks", "checks_of_jobs", "services")


@pytest.fixture(scope="session")
def engine(request):
    """The Docker engine of this run, which scripts/test has started if necessary."""
    return engine_for(request.config)


def pytest_base_images(item):
    """Return the images of the example that a test uses."""
    values = item.callspec.params if hasattr(item, "callspec") else {}
    example = values.get("uv_example") or values.get("example")
    return images_of(example) if example else None


def pytest_addoption(parser):
    parser.addoption(
        "--record-claims", action="store_true", help="record the transcripts of the claims"
    )
    parser.addoption("--uv-version", help="run the claims with this uv version; records nothing")


def pytest_generate_tests(metafunc):
    """Parametrize the tests that request an example.

    A workspace runs two services, so test_workspace.py has its own tests of running services.
    The values of `example` are the projects under examples/. The values of `uv_example` are their
    Dockerfiles that install with uv. A test can also parametrize these names itself.
    """
    parametrized = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    projects = [pytest.param(each, id=each.name) for each in examples()]
    for name, values in (("example", projects), ("uv_example", uv_examples())):
        if name in metafunc.fixturenames and name not in parametrized:
            if {"service", "production"} & {*metafunc.fixturenames}:
                values = [each for each in values if not each.values[0].member]
            metafunc.parametrize(name, values, scope="session")


# Recorded seconds from which a claim is not in the fast lane.
SLOW_CLAIM = 1


# This runs first, because pytest-xdist reads the marker in a hook of the same name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Run the tests that share a fixture in one process, and mark slow claims."""
    durations = read_durations()
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(xdist_group_of(item)))
        # The claims about Poetry start it several times, which takes seconds each time.
        is_claim = "terminal" in item.fixturenames
        if "poetry" in item.fixturenames or (is_claim and durations.get(item.name, 0) > SLOW_CLAIM):
            item.add_marker(pytest.mark.slow)


def xdist_group_of(item):
    """Return the name of the group of tests that pytest-xdist must run in one process."""
    # All tests of pages share the built sites and the browser. All pipelines share a registry.
    shared = {
        "site_build": "pages",
        "chromium": "pages",
        "zensical": "pages",
        "network": "pipelines",
    }
    for fixture, group in shared.items():
        if fixture in item.fixturenames:
            return group
    values = item.callspec.params if hasattr(item, "callspec") else {}
    for name in ("uv_example", "example"):
        if name in values:
            # The two projects of the migration use the same port for their private server.
            return values[name].project.partition("/")[0]
    # Claims share nothing. Other tests share the fixtures of their file.
    return item.name if {"terminal", "docker"} & {*item.fixturenames} else item.path.stem
