"""Restore what a private engine changes in this machine's network.

dockerd switches forwarding on, adds chains and rules to the firewall and creates a bridge. How all
of it was is written to a file before dockerd starts. The file is removed once it has been restored,
at the end of the run or, after a run that was killed, by the next one.
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
# dockerd's settings next to another engine, whose networks need the rules that are there.
HANDS_OFF = {"iptables": False, "ip6tables": False}
# Seconds that an iptables or ip command may take.
TIME_LIMIT = 30

# Writing the switch of all interfaces sets the others, so that it comes first.
SWITCHES = (
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/net/ipv6/conf/all/forwarding",
    "/proc/sys/net/ipv6/conf/default/forwarding",
)


@dataclass(frozen=True)
class NetworkState:
    """The network of this machine before a private engine was started.

    `machine` changes when the machine is started again, which resets its network. `folder` is that
    of the engine under /run. `rules` are what `iptables -S` printed, by program and table; none
    where another engine owns the firewall.
    """

    machine: str
    folder: str
    bridge: bool
    switches: dict[str, str]
    rules: dict[str, dict[str, str]]


@contextmanager
def borrowed(file: Path, folder: Path) -> Iterator[dict[str, bool]]:
    """Write the state of the network to `file`, and restore it after the block.

    `folder` is where the engine of this run keeps its sockets. Yields settings for its dockerd.
    """
    settings = HANDS_OFF if daemons() else {}
    # What could not be restored yet is how the network was before the first of these runs.
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
        bridge=_has_bridge(),
        switches={path: Path(path).read_text() for path in switches()},
        rules={program: {t: _rules(program, t) for t in firewall.TABLES} for program in programs},
    )


def machine() -> str:
    """Return what identifies this start of this machine, and its network namespace."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot} {os.readlink('/proc/self/ns/net')}"


def switches() -> list[str]:
    """List the files that switch forwarding on and off, in the order in which to write them."""
    interfaces = sorted(
        str(path)
        for version in ("ipv4", "ipv6")
        for path in Path(f"/proc/sys/net/{version}/conf").glob("*/forwarding")
    )
    paths = dict.fromkeys([*SWITCHES, *interfaces])
    return [path for path in paths if Path(path).exists()]


def read_state(file: Path) -> NetworkState | None:
    """Return the state in `file` that has not been restored yet, or None if there is none.

    A file that was written before the machine was started again is removed.
    """
    if not file.exists():
        return None
    try:
        state = NetworkState(**json.loads(file.read_text()))
    except (ValueError, TypeError):
        raise Problem(f"{file} cannot be read. Delete it, and restart the machine.") from None
    if state.machine != machine():
        file.unlink()
        return None
    return state


def restore(file: Path) -> bool:
    """Restore the network as `file` has it, and remove the file. Returns whether that was possible.

    Next to another engine, which was started since, its rules are left alone and the file is kept.
    """
    state = read_state(file)
    if state is None:
        return True
    if state.rules and daemons():
        console.print("engine: another Docker engine runs now, so the network stays as it is")
        return False
    for program, tables in state.rules.items():
        for table, rules in tables.items():
            for command in firewall.restoring(rules, _rules(program, table)):
                _firewall(program, table, *command)
    if _has_bridge() and not state.bridge:
        _admin("ip", "link", "delete", BRIDGE, failing=f"{BRIDGE} could not be removed")
    for path, value in state.switches.items():
        switch = Path(path)
        if switch.exists() and switch.read_text() != value:
            switch.write_text(value)
    file.unlink()
    return True


def _has_bridge() -> bool:
    return any(name == BRIDGE for _, name in socket.if_nameindex())


def _rules(program: str, table: str) -> str:
    """Return what `iptables -S` prints for a table, or nothing if this machine lacks it."""
    return _firewall(program, table, "-S", check=False)


def _firewall(program: str, table: str, *arguments: str, check: bool = True) -> str:
    command = (program, "--wait", "10", "-t", table, *arguments)
    failing = f"Docker's firewall rules could not be removed ({' '.join(command)})"
    return _admin(*command, failing=failing, check=check)


def _admin(*command: str, failing: str, check: bool = True) -> str:
    environ = admin_environ()
    return run(*command, failing=failing, check=check, env=environ, timeout=TIME_LIMIT).stdout
