"""What a private engine changes in this machine's network: forwarding, firewall, a bridge."""

import contextlib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.engine.system import admin_environ
from guide.machine.commands import run

FIREWALLS = ("iptables", "ip6tables")
HANDS_OFF = {"iptables": False, "ip6tables": False}


@contextmanager
def restored() -> Iterator[None]:
    """Undo what dockerd leaves in this machine's network: forwarding, firewall rules, a bridge."""
    switches = [
        Path("/proc/sys/net/ipv4/ip_forward"),
        *Path("/proc/sys/net/ipv6/conf").glob("*/forwarding"),
    ]
    before = {path: path.read_text() for path in switches}
    policies = {program: _forward_policy(_rules(program)) for program in FIREWALLS}
    had_bridge = Path("/sys/class/net/docker0").exists()
    try:
        yield
    finally:
        if not had_bridge:
            for program, policy in policies.items():
                _remove_docker_rules(program, policy)
            delete = ["ip", "link", "delete", "docker0"]
            subprocess.run(delete, env=admin_environ(), capture_output=True)
            for path, value in before.items():
                if path.exists() and path.read_text() != value:
                    path.write_text(value)


def firewall_settings() -> dict[str, bool]:
    """Leave the firewall alone next to another engine: its networks live by the rules in it."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text().strip() == "dockerd":
                return HANDS_OFF
    return {}


def _rules(program: str) -> str:
    return run(f"{program}-save", env=admin_environ(), failing=program, check=False).stdout


def _forward_policy(rules: str) -> str:
    match = re.search(r"^:FORWARD (\w+)", rules.partition("*filter")[2], flags=re.MULTILINE)
    return match[1] if match else "ACCEPT"


def _remove_docker_rules(program: str, forward_policy: str) -> None:
    """Take Docker's chains and rules out of the firewall and leave everybody else's alone."""
    lines = _rules(program).splitlines()
    kept = [line for line in lines if not re.search(r"DOCKER|docker0|\bbr-[0-9a-f]{12}\b", line)]
    rules = "\n".join(kept) + "\n"
    start, filter_table, rest = rules.partition("*filter")
    rest = re.sub(r"(?m)^:FORWARD \w+", f":FORWARD {forward_policy}", rest, count=1)
    command = (f"{program}-restore",)
    failing = "Docker's firewall rules could not be removed"
    run(*command, env=admin_environ(), input=start + filter_table + rest, failing=failing)
