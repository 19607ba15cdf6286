"""Restore the network, including Docker's part of a firewall, after a private engine."""

import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from guide import Problem
from guide.engine import firewall, network
from guide.engine.firewall import Table, parse, restore_commands

# The output of iptables 1.8.9 with nf_tables before a private engine is started.
FILTER_BEFORE = r"""
-P INPUT ACCEPT
-P FORWARD ACCEPT
-P OUTPUT ACCEPT
-N KEEP
-A FORWARD -s 10.9.8.0/24 -m comment --comment "it\'s \"not\" DOCKER\'s docker0" -j ACCEPT
-A KEEP -m comment --comment DOCKER -j RETURN
"""
NAT_BEFORE = """
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
"""
# Its output while a build and a container run in Docker 28 in a separate network.
FILTER_DURING = r"""
-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-ISOLATION-STAGE-2
-N DOCKER-USER
-N KEEP
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A FORWARD -s 10.9.8.0/24 -m comment --comment "it\'s \"not\" DOCKER\'s docker0" -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER ! -i br-1f0c2ab94d3e -o br-1f0c2ab94d3e -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-BRIDGE -o br-1f0c2ab94d3e -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A KEEP -m comment --comment DOCKER -j RETURN
"""
NAT_DURING = """
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A POSTROUTING -s 172.18.0.0/16 ! -o br-1f0c2ab94d3e -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:8000
"""
RAW_BEFORE = """
-P PREROUTING ACCEPT
-P OUTPUT ACCEPT
"""
RAW_DURING = """
-P PREROUTING ACCEPT
-P OUTPUT ACCEPT
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
-A PREROUTING -d 172.18.0.2/32 ! -i br-1f0c2ab94d3e -j DROP
-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 32768 -j DROP
"""
# iptables-legacy with Docker 20, and an administrator's rules in every chain that can have them.
LEGACY_DURING = """
# Warning: iptables tables present, use iptables-nft to see them
-P INPUT DROP
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-ISOLATION-STAGE-2
-N DOCKER-USER
-N ufw-user-input
-A INPUT -i lo -j ACCEPT
-A INPUT -j ufw-user-input
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i br-lan -o eth0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
-A ufw-user-input -p tcp -m tcp --dport 22 -m comment --comment "-j DOCKER" -j ACCEPT
"""
LEGACY_BEFORE = """
-P INPUT DROP
-P FORWARD ACCEPT
-P OUTPUT ACCEPT
-N ufw-user-input
-A INPUT -i lo -j ACCEPT
-A INPUT -j ufw-user-input
-A FORWARD -i br-lan -o eth0 -j ACCEPT
-A ufw-user-input -p tcp -m tcp --dport 22 -m comment --comment "-j DOCKER" -j ACCEPT
"""


def apply_commands(text: str, commands: list[firewall.Command]) -> Table:
    """Return the table after iptables has run the commands."""
    table = parse(text)
    for command in commands:
        execute(table, command)
    return table


def execute(table: Table, command: firewall.Command) -> None:
    """Change a table as iptables does. Raises Problem if iptables would refuse the command."""
    option, chain, *rest = command
    exists = chain in table.chains
    refuse_if(exists is (option == "-N"), "Chain already exists, or there is none by that name")
    rules = table.chains.setdefault(chain, [])
    match option:
        case "-P":
            (table.policies[chain],) = rest
        case "-F":
            rules.clear()
        case "-X":
            refuse_if(bool(rules) or is_jumped_to(table, chain), "Device or resource busy")
            del table.chains[chain]
        case "-A":
            rules.append(rest)
        case "-D":
            refuse_if(rest not in rules, "Bad rule (does a matching rule exist in that chain?)")
            rules.remove(rest)
        case "-I":
            position, *rule = rest
            refuse_if(int(position) > len(rules) + 1, "Index of insertion too big")
            rules.insert(int(position) - 1, rule)


def refuse_if(condition: bool, reason: str) -> None:
    """Raise Problem as iptables reports it."""
    if condition:
        raise Problem(f"iptables: {reason}.")


def is_jumped_to(table: Table, chain: str) -> bool:
    """Return whether a rule jumps to the chain."""
    rules = [rule for rules in table.chains.values() for rule in rules]
    return ("-j", chain) in [pair for rule in rules for pair in pairwise(rule)]


def listing(table: Table) -> str:
    """Return what `iptables -S` prints for a table."""
    lines = [["-P", chain, policy] for chain, policy in table.policies.items()]
    lines += [["-N", chain] for chain in table.chains if chain not in table.policies]
    lines += [["-A", chain, *rule] for chain, rules in table.chains.items() for rule in rules]
    return "\n".join(shlex.join(line) for line in lines)


@pytest.mark.parametrize(
    ("before", "during"),
    [
        (FILTER_BEFORE, FILTER_DURING),
        (NAT_BEFORE, NAT_DURING),
        (RAW_BEFORE, RAW_DURING),
        (LEGACY_BEFORE, LEGACY_DURING),
        # A stopped engine has left its rules, and the run's engine has changed or removed them.
        (FILTER_DURING, FILTER_BEFORE),
        (NAT_DURING, NAT_BEFORE),
        (LEGACY_DURING, LEGACY_BEFORE),
        (FILTER_DURING, LEGACY_DURING.replace("ufw-user-input", "KEEP")),
    ],
)
def test_dockers_part_is_restored_and_every_other_rule_stays(before: str, during: str) -> None:
    commands = restore_commands(before, during)
    after, old, new = apply_commands(during, commands), parse(before), parse(during)
    assert after.policies.get("FORWARD") == old.policies.get("FORWARD")
    assert {*after.docker_chains} == {*old.docker_chains}
    for chain in old.docker_chains:
        assert after.chains[chain] == old.chains[chain]
    for chain in new.other_chains:
        assert after.docker_rules(chain) == old.docker_rules(chain)
        assert other_rules(after, chain) == other_rules(new, chain)
    assert restore_commands(before, before) == []


def other_rules(table: Table, chain: str) -> list[firewall.Command]:
    """Return a chain's rules that are not Docker's."""
    return [rule for rule in table.chains[chain] if not firewall.is_docker_rule(chain, rule)]


def test_an_emptied_chain_gets_the_missing_rules_at_its_end() -> None:
    emptied = "\n".join(line for line in FILTER_DURING.splitlines() if "-A FORWARD" not in line)
    after = apply_commands(emptied, restore_commands(LEGACY_DURING, emptied))
    assert after.chains["FORWARD"] == parse(LEGACY_DURING).docker_rules("FORWARD")


@pytest.mark.parametrize(
    "rule",
    [
        "-i docker0 -p tcp -m tcp --dport 22 -j DROP",
        "-s 10.0.0.0/8 -o docker0 -j ACCEPT",
        "-i docker0 -o br-1f0c2ab94d3e -j ACCEPT",
        "-i docker0 -j LOG",
    ],
)
def test_an_administrators_rule_about_a_bridge_stays(rule: str) -> None:
    during = f"{FILTER_DURING}\n-A INPUT {rule}\n-A FORWARD {rule}\n"
    after = apply_commands(during, restore_commands(FILTER_BEFORE, during))
    assert after.chains["INPUT"] == [rule.split()]
    assert after.chains["FORWARD"][-1] == rule.split()


def test_a_rule_that_names_docker_in_a_comment_is_not_dockers() -> None:
    assert apply_commands(FILTER_DURING, restore_commands(FILTER_BEFORE, FILTER_DURING)) == parse(
        FILTER_BEFORE
    )
    assert parse(FILTER_BEFORE).docker_rules("FORWARD") == []


def test_rules_are_removed_one_by_one() -> None:
    commands = [shlex.join(command) for command in restore_commands(NAT_BEFORE, NAT_DURING)]
    assert commands == [
        "-D PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
        "-D OUTPUT '!' -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
        "-D POSTROUTING -s 172.17.0.0/16 '!' -o docker0 -j MASQUERADE",
        "-D POSTROUTING -s 172.18.0.0/16 '!' -o br-1f0c2ab94d3e -j MASQUERADE",
        "-F DOCKER",
        "-X DOCKER",
    ]


def test_quotes_are_read_as_iptables_writes_them() -> None:
    (rule,) = parse(FILTER_BEFORE).chains["FORWARD"]
    assert rule[rule.index("--comment") + 1] == "it's \"not\" DOCKER's docker0"


def test_a_table_that_cannot_be_read_is_left_alone() -> None:
    assert restore_commands(FILTER_DURING, "") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [("DOCKER", True), ("DOCKER-USER", True), ("DOCKERISH", False), ("MY-DOCKER", False)],
)
def test_names_of_dockers_chains(name: str, expected: bool) -> None:
    assert firewall.is_docker_chain(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("docker0", True), ("br-0123456789ab", True), ("br-lan", False), ("docker01", False)],
)
def test_names_of_dockers_bridges(name: str, expected: bool) -> None:
    assert firewall.is_docker_interface(name) is expected


class Machine:
    """A fake firewall, bridges and forwarding switch, and the commands that change them.

    `refused` are the starts of the commands that fail.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rules = {("iptables", "filter"): FILTER_BEFORE, ("iptables", "nat"): NAT_BEFORE}
        self.bridges: list[str] = []
        self.daemons: list[int] = []
        self.commands: list[str] = []
        self.refused: tuple[str, ...] = ()
        self.failures = 0
        self.switch = folder / "ip_forward"
        self.switch.write_text("0\n")
        monkeypatch.setattr(network, "_admin", self.run)
        monkeypatch.setattr(network, "_bridges", lambda: [*self.bridges])
        monkeypatch.setattr(network, "daemons", lambda: self.daemons)
        monkeypatch.setattr(network, "switches", lambda: [str(self.switch)])
        monkeypatch.setattr(network, "machine", lambda: "this start")

    def run(self, *command: str, failing: str, check: bool = True) -> str:
        if "-S" in command:
            return listing(self.table(*command))
        self.commands.append(" ".join(command))
        try:
            self.execute(*command)
        except Problem as problem:
            self.failures += 1
            raise Problem(f"{failing}: {problem}") from None
        return ""

    def table(self, program: str, *options: str) -> Table:
        """Return the table that the options of an iptables command name."""
        return parse(self.rules.get((program, options[options.index("-t") + 1]), ""))

    def execute(self, *command: str) -> None:
        """Carry out a command. Raises Problem if it is refused."""
        if self.commands[-1].startswith(self.refused):
            raise Problem("Operation not permitted")
        if command[0] == "ip":
            self.bridges.remove(command[-1])
        else:
            program, _, _, option, name, *arguments = command
            table = self.table(program, option, name)
            execute(table, arguments)
            self.rules[program, name] = listing(table)

    def start_docker(self) -> None:
        self.rules |= {("iptables", "filter"): FILTER_DURING, ("iptables", "nat"): NAT_DURING}
        self.bridges = ["br-1f0c2ab94d3e", "docker0"]
        self.switch.write_text("1\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_after_a_kill_the_next_run_restores_the_original_network(
    machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "state.json"
    killed = network.restored_network(file, tmp_path / "first")
    killed.__enter__()
    machine.start_docker()
    state = network.read_state(file)
    assert state is not None
    assert state.folder == str(tmp_path / "first")
    assert network.restore(file)
    assert machine.switch.read_text() == "0\n"
    assert machine.bridges == []
    assert "iptables --wait 10 -t filter -P FORWARD ACCEPT" in machine.commands
    assert "iptables --wait 10 -t nat -X DOCKER" in machine.commands
    assert not file.exists()


def test_bridges_that_existed_before_are_kept(machine: Machine, tmp_path: Path) -> None:
    machine.bridges = ["br-0123456789ab"]
    with network.restored_network(tmp_path / "state.json", tmp_path):
        machine.start_docker()
        machine.bridges.append("br-0123456789ab")
    assert machine.bridges == ["br-0123456789ab"]


@pytest.mark.parametrize(
    "refused",
    [
        ("iptables --wait 10 -t filter -D FORWARD -j DOCKER-USER",),
        ("iptables --wait 10 -t nat -X",),
        ("ip link delete docker0",),
        ("iptables", "ip link"),
    ],
)
def test_a_refused_command_is_printed_and_the_rest_is_restored(
    machine: Machine, tmp_path: Path, refused: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.json"
    with network.restored_network(file, tmp_path):
        machine.start_docker()
        machine.refused = refused
    assert not file.exists()
    assert machine.switch.read_text() == "0\n"
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == machine.failures > 0
    assert all(line.startswith("engine: ") and "could not be re" in line for line in lines)
    machine.refused = ()
    with network.restored_network(file, tmp_path):
        pass
    assert not file.exists()


def test_the_state_is_on_the_disk_before_anything_is_changed(
    machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "state.json"
    with network.restored_network(file, tmp_path) as settings:
        assert file.exists()
        assert machine.commands == []
        assert settings == {}
    assert not file.exists()


def test_next_to_another_engine_the_firewall_is_left_alone(
    machine: Machine, tmp_path: Path
) -> None:
    machine.bridges, machine.daemons = ["docker0"], [1]
    with network.restored_network(tmp_path / "state.json", tmp_path) as settings:
        assert settings == network.NO_FIREWALL_SETTINGS
        machine.start_docker()
    assert machine.commands == []
    # A new network may be the other engine's.
    assert machine.bridges == ["br-1f0c2ab94d3e", "docker0"]
    assert machine.switch.read_text() == "0\n"


def test_what_cannot_be_restored_yet_is_restored_later(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with network.restored_network(file, tmp_path / "first"):
        machine.start_docker()
        machine.daemons = [1]
    assert file.exists()
    with network.restored_network(file, tmp_path / "second"):
        machine.daemons = []
    assert machine.switch.read_text() == "0\n"
    assert machine.bridges == []
    assert not file.exists()


def test_a_state_from_before_a_restart_is_forgotten(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.json"
    killed = network.restored_network(file, tmp_path)
    killed.__enter__()
    assert network.read_state(file)
    machine.start_docker()
    monkeypatch.setattr(network, "machine", lambda: "next start")
    assert network.read_state(file) is None
    assert not file.exists()


@pytest.mark.parametrize("text", ["{", '{"machine": "an older format"}'])
def test_a_state_that_cannot_be_read_stops_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    file = tmp_path / "state.json"
    file.write_text(text)
    assert network.read_state(file) is None
    assert not file.exists()
    assert "cannot be read" in capsys.readouterr().err
