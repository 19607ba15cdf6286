"""Remove everything that runs of the guide created in an engine."""

from typing import NamedTuple

from guide.engine.docker import Engine

# Prefixes of the names that gitlab-ci-local gives to its containers, networks and volumes. They
# remain if it is interrupted, and they do not have the guide's label.
GITLAB_CI_LOCAL = ("gcl-", "gitlab-ci-local-")

# A template for the label of a run and the project name of Compose.
LABELS = '{{.Label "com.docker.compose.project"}} {{.Label "guide"}}'


class Kind(NamedTuple):
    """A kind of object in an engine, with its templates and its list and remove commands."""

    command: str
    identifier: str
    name: str
    listing: tuple[str, ...]
    removal: tuple[str, ...]


CONTAINER = Kind(
    "container", "{{.ID}}", "{{.Names}}", ("ls", "--all"), ("rm", "--force", "--volumes")
)
NETWORK = Kind("network", "{{.ID}}", "{{.Name}}", ("ls",), ("rm",))
VOLUME = Kind("volume", "{{.Name}}", "{{.Name}}", ("ls",), ("rm", "--force"))


def remove_leftovers(engine: Engine, prefix: str) -> None:
    """Remove the containers, networks, volumes and images of the runs with this prefix.

    In a private engine, also remove what gitlab-ci-local and earlier builds left.
    """
    _remove_containers_in_networks(engine, prefix)
    for kind in (CONTAINER, NETWORK, VOLUME):
        names = _labelled(engine, kind, prefix)
        if engine.private:
            names += _named(engine, kind, *GITLAB_CI_LOCAL)
        if names:
            engine.docker(kind.command, *kind.removal, *names, check=False)
    tags = _tags(engine, prefix)
    if tags:
        engine.docker("image", "rm", "--force", *tags, check=False)
    if engine.private:
        # Images whose tags now belong to a later build.
        engine.docker("image", "prune", "--force", check=False)


def identifiers(engine: Engine, prefix: str) -> list[str]:
    """Return the names of the containers, networks, volumes and images with this prefix."""
    rows = [f"image {tag}" for tag in _tags(engine, prefix)]
    for kind in (CONTAINER, NETWORK, VOLUME):
        rows += [f"{kind.command} {name}" for name in _labelled(engine, kind, prefix)]
    return rows


def _tags(engine: Engine, prefix: str) -> list[str]:
    """Return the tags of the images whose names begin with a prefix."""
    tags = engine.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").stdout.split()
    return [tag for tag in tags if tag.startswith(prefix)]


def _remove_containers_in_networks(engine: Engine, prefix: str) -> None:
    """Remove the containers that gitlab-ci-local left in the networks of a run."""
    for network in _named(engine, NETWORK, prefix):
        containers = engine.containers(f"network={network}")
        if containers:
            engine.docker("container", "rm", "--force", "--volumes", *containers, check=False)


def _labelled(engine: Engine, kind: Kind, prefix: str) -> list[str]:
    """Return the objects with the label of a run, or in a Compose project named after a run."""
    template = f"{kind.identifier} {LABELS}"
    rows = engine.docker(kind.command, *kind.listing, "--format", template).stdout
    return [row.split()[0] for row in rows.splitlines() if f" {prefix}" in row]


def _named(engine: Engine, kind: Kind, *prefixes: str) -> list[str]:
    """Return the names that begin with one of the prefixes."""
    names = engine.docker(kind.command, *kind.listing, "--format", kind.name).stdout.split()
    return [name for name in names if name.startswith(prefixes)]
