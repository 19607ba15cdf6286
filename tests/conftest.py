import pytest

from guide.content.examples import examples, variants
from guide.testing.session import engine_for


@pytest.fixture(scope="session")
def engine(request):
    """The Docker engine that scripts/test found or started."""
    return engine_for(request.config)


def pytest_addoption(parser):
    parser.addoption(
        "--record-claims", action="store_true", help="keep the transcripts of claims anew"
    )
    parser.addoption("--uv-version", help="run the claims with another uv, recording nothing")


def pytest_generate_tests(metafunc):
    """Run a test that uses `example` once for each project under examples/, and a test that uses
    `uv_example` once for each of their Dockerfiles that installs with uv, unless the test
    parametrizes the fixture itself."""
    with_uv = [each for each in (*examples(), *variants()) if each.has_uv]
    said = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    for name, each in (("example", examples()), ("uv_example", with_uv)):
        if name in metafunc.fixturenames and name not in said:
            values = [pytest.param(one, id=one.name) for one in each]
            metafunc.parametrize(name, values, scope="session")


# First, because pytest-xdist reads the mark in a hook of the same name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that share what is slow to make run one after another, in one process."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(shared_by(item)))


def shared_by(item):
    # The pages share one site and one browser, the pipelines one registry, whatever the example.
    if item.path.parent.name == "pages" or "network" in item.fixturenames:
        return item.path.parent.name
    values = item.callspec.params if hasattr(item, "callspec") else {}
    for name in ("uv_example", "example"):
        if name in values:
            # The two projects of the migration have one port for their private server.
            return values[name].project.partition("/")[0]
    # Claims share nothing, other tests what their file has made.
    return item.name if {"terminal", "docker"} & {*item.fixturenames} else item.path.stem
