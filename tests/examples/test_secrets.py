"""Pattern C requires a token for private packages, and stores it nowhere."""

import base64
import json
import re
import tarfile
import tomllib

import pytest

from guide import ROOT
from guide.content.edits import Edit, copy, edit
from guide.content.examples import example as find_example
from guide.engine.build import NO_IMAGE
from guide.engine.isolated import empty_cache_mounts, isolated_builder
from guide.engine.uv import PYTHON_IMAGE

PATTERN_C = find_example("pattern-c-cache-mounts")
STAGES = ["packages", "test", "prod"]
WITH_LOCK_STAGE = find_example("pattern-c-cache-mounts--lock-stage")


@pytest.fixture(scope="module")
def builder(engine):
    with isolated_builder(engine, PATTERN_C) as builder:
        yield builder


@pytest.fixture(scope="module")
def builds(builder):
    """The build of each stage, keyed by the name of the stage."""
    return {stage: builder.build(None, None, "--target", stage) for stage in STAGES}


def encoded_forms(token):
    """Return the token and its encodings in HTTP basic authentication."""
    users = ("gitlab-ci-token", "oauth2", "git", "x-access-token")
    pairs = [base64.b64encode(f"{user}:{token}".encode()).rstrip(b"=") for user in users]
    return [token.encode(), base64.b64encode(token.encode()).rstrip(b"="), *pairs]


def find_token(engine, build, token, folder):
    """Return the files, history or log of an image that contain the token in any encoding."""
    matches = []

    def search(name, content):
        matches.extend(name for form in encoded_forms(token) if form in content)

    search("the log", build.output.encode())
    history = engine.docker("history", "--no-trunc", "--format", "json", build.tag).stdout
    search("the history", history.encode())
    engine.docker("save", "--output", f"{folder}/image.tar", build.tag)
    files = 0
    with tarfile.open(f"{folder}/image.tar") as image:
        for blob in image.getmembers():
            if blob.isfile() and blob.size < 1e6:
                search(blob.name, image.extractfile(blob).read())
        for layer in json.load(image.extractfile("manifest.json"))[0]["Layers"]:
            if (layer, token) not in SEARCHED_LAYERS:
                SEARCHED_LAYERS[layer, token] = search_layer(image.extractfile(layer), token)
            count, names = SEARCHED_LAYERS[layer, token]
            files += count
            matches += names
    assert files > 1000, "the search read too few files to be meaningful"
    return matches


def search_layer(file, token):
    """Return the number of files in a layer, and the names of those that contain the token."""
    files, names = 0, []
    with tarfile.open(fileobj=file, mode="r:*") as content:
        for member in content:
            texts = [member.name.encode()]
            if member.isfile():
                files += 1
                texts.append(content.extractfile(member).read())
            names += [
                member.name for text in texts for form in encoded_forms(token) if form in text
            ]
    return files, names


# Results keyed by layer and token. Images share layers, whose names are hashes of their content.
SEARCHED_LAYERS = {}


@pytest.mark.parametrize("stage", STAGES)
def test_the_token_is_in_no_layer_no_history_and_no_log(builder, builds, stage, tmp_path):
    assert find_token(builder.engine, builds[stage], builder.private.token, tmp_path) == []


@pytest.mark.parametrize("stage", ["lock", "packages", "prod"])
def test_with_a_lock_stage_neither(builder, stage, tmp_path):
    build = builder.build(None, WITH_LOCK_STAGE.dockerfile_text, "--target", stage)
    assert find_token(builder.engine, build, builder.private.token, tmp_path) == []


def test_the_export_fetches_nothing(builder):
    without_access = builder.with_private(builder.private.with_token("wrong").unreachable())
    # Other tests build the same stage, and neither the access nor the mounts are in the cache key.
    arguments = ("--target", "lock", "--no-cache-filter", "lock", *empty_cache_mounts())
    build = without_access.build(None, WITH_LOCK_STAGE.dockerfile_text, *arguments)
    assert any("uv export" in step for step in build.ran)


def test_a_token_in_an_argument_is_found(builder, tmp_path):
    """The search detects a token that is passed as a build argument."""
    secret = "--mount=type=secret,id=git_token,required=true"
    dockerfile = PATTERN_C.dockerfile_text.replace(
        "FROM base AS packages", "FROM base AS packages\nARG T"
    )
    dockerfile = dockerfile.replace("cat /run/secrets/git_token", "echo $T").replace(secret, "")
    dockerfile = dockerfile.replace("     \\\n", "").replace("'!f()", '"!f()').replace("f'", 'f"')
    argument = ("--build-arg", f"T={builder.private.token}")
    build = builder.build(None, dockerfile, "--target", "packages", *argument)
    matches = find_token(builder.engine, build, builder.private.token, tmp_path)
    assert "the history" in matches
    assert "etc/gitconfig" in matches


def test_the_venv_and_the_lock_name_the_commit_and_no_credentials(builder, builds):
    script = (
        "import importlib.metadata as m; "
        "print(m.distribution('shipcodes').read_text('direct_url.json'))"
    )
    source = json.loads(builder.engine.run(builds["prod"].tag, "python", "-c", script).stdout)
    lock = tomllib.loads((PATTERN_C.folder / "uv.lock").read_text())
    locked = next(each["source"]["git"] for each in lock["package"] if each["name"] == "shipcodes")
    assert source["vcs_info"]["commit_id"] == locked.partition("#")[2]
    assert "@" not in source["url"]
    assert "@" not in locked


def test_the_token_is_not_in_the_cache_mount_and_the_private_code_is(builder, builds, tmp_path):
    assert builds
    (tmp_path / "forms").write_bytes(b"\n".join(encoded_forms(builder.private.token)))
    mounts = "--mount=type=cache,target=/root/.cache/uv --mount=type=secret,id=forms,required=true"
    search = (
        f"RUN {mounts} find /root/.cache/uv -name shipcodes -print -quit && "
        "for folder in /root/.cache/uv /run/secrets; do "
        "grep -rlFf /run/secrets/forms $folder || echo nothing in $folder; done\n"
    )
    secret = f"--secret=id=forms,src={tmp_path}/forms"
    output = builder.build(None, f"FROM {PYTHON_IMAGE}\n{search}", secret).output
    assert "/shipcodes" in output
    assert "nothing in /root/.cache/uv" in output
    # The search detects the secret file, which contains the token.
    assert "\n/run/secrets/forms\n" in output


def test_changing_the_token_rebuilds_nothing(builder, builds):
    assert builds
    assert builder.with_private(builder.private.with_token("another")).build().ran == []


def test_phase_two_needs_no_token(builder, builds):
    """The second phase does not use a cache mount either."""
    assert builds
    without_access = builder.with_private(builder.private.with_token(None))
    build = without_access.build(edit("view"), None, NO_IMAGE)
    assert [step for step in build.ran if "uv sync" in step]
    assert not [step for step in build.ran if "type=cache" in step]


def test_a_build_with_the_same_cache_mount_gets_the_package_without_a_token(builder, builds):
    assert builds
    without_access = builder.with_private(builder.private.with_token("wrong").unreachable())
    build = without_access.build(edit("ruff"), None, NO_IMAGE)
    assert any("--no-install-project" in step for step in build.ran)


def secret_sources():
    """Return the values of `--secret` that the page shows."""
    page = (ROOT / "docs/patterns/pattern-c.md").read_text()
    return re.findall(r"`--secret (id=git_token,\S+)`", page)


@pytest.mark.parametrize("source", secret_sources())
def test_each_source_of_the_secret_builds(builder, builds, source, tmp_path, monkeypatch):
    assert builds
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git-token").write_text(builder.private.token)
    variable = source.partition("env=")[2]
    if variable:
        monkeypatch.setitem(builder.engine.environ, variable, builder.private.token)
    without_access = builder.with_private(builder.private.with_token(None))
    packages = ("--target", "packages", *empty_cache_mounts())
    build = without_access.build(edit("ruff"), None, "--secret", source, *packages, NO_IMAGE)
    assert build.prepared == builds["packages"].prepared


def test_adding_a_dependency_downloads_only_the_difference(builder, builds, tmp_path):
    changed = copy(PATTERN_C, tmp_path / "changed")
    edit("dependency").apply(changed, builder.uv)
    before, after = (
        {each["name"] for each in tomllib.loads((folder / "uv.lock").read_text())["package"]}
        for folder in (PATTERN_C.folder, changed)
    )
    own = 1
    assert builder.build(edit("dependency"), None, NO_IMAGE).prepared == len(after - before) + own
    empty = builder.build(
        Edit("again", "Add it with an empty mount", add_dependency_and_setting),
        None,
        *empty_cache_mounts(),
        NO_IMAGE,
    )
    assert empty.prepared == builds["packages"].prepared + len(after - before) + own


def add_dependency_and_setting(folder, uv):
    """Add the dependency and change a setting, so that no layer of the first build is used."""
    edit("dependency").apply(folder, uv)
    edit("ruff").apply(folder, uv)


def test_the_git_server_rejects_requests_without_the_token(builder):
    """The Git server answers 401 without a token and with a wrong one."""
    script = (
        "import sys, urllib.error, urllib.request as u\n"
        "for password in (None, 'wrong', sys.argv[2]):\n"
        "    manager = u.HTTPPasswordMgrWithDefaultRealm()\n"
        "    manager.add_password(None, sys.argv[1], 'git', password or '')\n"
        "    handlers = [u.HTTPBasicAuthHandler(manager)] if password else []\n"
        "    try: print(u.build_opener(*handlers).open(sys.argv[1]).status)\n"
        "    except urllib.error.HTTPError as error: print(error.code)\n"
    )
    address = f"http://{builder.private.address}:8418/acme/shipcodes.git/info/refs"
    arguments = ("python", "-c", script, address, builder.private.token)
    answers = builder.engine.run(PYTHON_IMAGE, *arguments).stdout.split()
    assert answers == ["401", "401", "200"]
