"""Restore what a private engine changes in this machine's network.

dockerd enables forwarding, adds chains and rules to the firewall, and creates bridges. The state
of the network is written to a file before dockerd starts. At the end of the run, the state is
restored and the file is removed. After a killed run, the next run does this. A step that the system
refuses is printed, and the others are still carried out.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from guide import Problem
from guide.engine import firewall
from guide.engine.system import admin_environ, daemons
from guide.machine.commands import run
from guide.machine.files import write_durably
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import console

BRIDGE = "docker0"
FIREWALLS = ("iptables", "ip6tables")
# dockerd settings for use next to another engine, whose networks need the existing rules.
NO_FIREWALL_SETTINGS = {"iptables": False, "ip6tables": False}
# Seconds that an iptables or ip command may take.
TIME_LIMIT = 30

# The settings for all interfaces come first, because writing them changes the others.
SWITCHES = (
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/net/ipv6/conf/all/forwarding",
    "/proc/sys/net/ipv6/conf/default/forwarding",
)


@dataclass(frozen=True)
class NetworkState:
    """The network of this machine before a private engine was started.

    `machine` identifies the current boot. A reboot changes it and resets the network. `folder` is
    the engine's folder under /run. `bridges` are the Docker bridges. `rules` are the outputs of
    `iptables -S`, keyed by program and table. It is empty if another engine owns the firewall.
    """

    machine: str
    folder: str
    bridges: list[str]
    switches: dict[str, str]
    rules: dict[str, dict[str, str]]


@contextmanager
def restored_network(file: Path, folder: Path) -> Iterator[dict[str, bool]]:
    """Write the state of the network to `file`, and restore it after the block.

    `folder` contains the sockets of this run's engine. Yields settings for its dockerd.
    """
    settings = NO_FIREWALL_SETTINGS if daemons() else {}
    # A state that has not been restored yet comes from before the first of these runs.
    state = read_state(file) or current(folder, with_rules=not settings)
    write_durably(file, json.dumps({**asdict(state), "folder": str(folder)}, indent=1))
    try:
        yield settings
    finally:
        with uninterrupted():
            restore(file)


def current(folder: Path, with_rules: bool) -> NetworkState:
    """Return the present state of this machine's network."""
    programs = FIREWALLS if with_rules else ()
    return NetworkState(
        machine=machine(),
        folder=str(folder),
        bridges=_bridges(),
        switches={path: Path(path).read_text() for path in switches()},
        rules={program: {t: _rules(program, t) for t in firewall.TABLES} for program in programs},
    )


def machine() -> str:
    """Return an identifier of the machine's current boot and its network namespace."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot} {os.readlink('/proc/self/ns/net')}"


def switches() -> list[str]:
    """Return the files that enable and disable forwarding, in the order in which to write them."""
    interfaces = sorted(
        str(path)
        for version in ("ipv4", "ipv6")
        for path in Path(f"/proc/sys/net/{version}/conf").glob("*/forwarding")
    )
    paths = dict.fromkeys([*SWITCHES, *interfaces])
    return [path for path in paths if Path(path).exists()]


def read_state(file: Path) -> NetworkState | None:
    """Return the state in `file` that has not been restored yet, or None.

    A file from before the last reboot is removed. So is a file that cannot be read, because it must
    not stop every later run.
    """
    if not file.exists():
        return None
    try:
        state = NetworkState(**json.loads(file.read_text()))
    except (ValueError, TypeError):
        console.print(
            f"engine: {file} cannot be read, so the network changes of an earlier run remain. "
            "Restart the machine to undo them.",
            soft_wrap=True,
        )
        file.unlink()
        return None
    if state.machine != machine():
        file.unlink()
        return None
    return state


def restore(file: Path) -> bool:
    """Restore the network to the state in `file`, and remove the file. Return whether it could.

    A step that fails is printed. If another engine has started since, its rules are not changed and
    the file is kept.
    """
    state = read_state(file)
    if state is None:
        return True
    if state.rules and daemons():
        console.print(
            "engine: The network is not restored, because another Docker engine is running."
        )
        return False
    for program, tables in state.rules.items():
        for table, rules in tables.items():
            with _failures_printed():
                _restore_table(program, table, rules)
    for bridge in _added_bridges(state):
        with _failures_printed():
            _admin("ip", "link", "delete", bridge, failing=f"{bridge} could not be removed")
    for path, value in state.switches.items():
        switch = Path(path)
        with _failures_printed():
            if switch.exists() and switch.read_text() != value:
                switch.write_text(value)
    file.unlink()
    return True


@contextmanager
def _failures_printed() -> Iterator[None]:
    """Print why the block failed, so that the next steps are still carried out."""
    try:
        yield
    except (Problem, OSError) as error:
        console.print(f"engine: {error}", markup=False, soft_wrap=True)


def _restore_table(program: str, table: str, rules: str) -> None:
    for command in firewall.restore_commands(rules, _rules(program, table)):
        with _failures_printed():
            _firewall(program, table, *command)


def _bridges() -> list[str]:
    names = (name for _, name in socket.if_nameindex())
    return sorted(name for name in names if firewall.is_docker_interface(name))


def _added_bridges(state: NetworkState) -> list[str]:
    """Return the bridges of the private engine: those that did not exist before it.

    The bridges of networks may belong to another engine if one is running.
    """
    added = [name for name in _bridges() if name not in state.bridges]
    return [name for name in added if name == BRIDGE] if daemons() else added


def _rules(program: str, table: str) -> str:
    """Return the output of `iptables -S` for a table, or "" if this machine lacks it."""
    return _firewall(program, table, "-S", check=False)


def _firewall(program: str, table: str, *arguments: str, check: bool = True) -> str:
    command = (program, "--wait", "10", "-t", table, *arguments)
    failing = f"Docker's firewall rules could not be restored ({' '.join(command)})"
    return _admin(*command, failing=failing, check=check)


def _admin(*command: str, failing: str, check: bool = True) -> str:
    environ = admin_environ()
    return run(*command, failing=failing, check=check, env=environ, timeout=TIME_LIMIT).stdout
