"""Docker's chains and rules in a firewall, as text: which there are, and how to restore them.

The text is what `iptables -t TABLE -S` prints: one line for each chain, policy and rule. Rules and
chains of other programs are never touched.
"""

import re
import shlex
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

# Tables in which dockerd writes.
TABLES = ("filter", "nat", "mangle", "raw")

# dockerd sets the policy of this built-in chain to DROP.
FORWARD = "FORWARD"

# The arguments of an iptables command, after the name of the table.
Command = list[str]


@dataclass
class Table:
    """A table of a firewall: policies of built-in chains, and the rules of every chain."""

    policies: dict[str, str] = field(default_factory=dict)
    chains: dict[str, list[Command]] = field(default_factory=dict)

    @property
    def docker_chains(self) -> list[str]:
        """The chains that Docker created."""
        return [chain for chain in self.chains if is_docker_chain(chain)]

    @property
    def other_chains(self) -> list[str]:
        """Built-in chains and those of other programs, in which Docker may have rules."""
        return [chain for chain in self.chains if not is_docker_chain(chain)]

    def docker_rules(self, chain: str) -> list[Command]:
        """Return the rules of a chain that jump to Docker's chains or match its interfaces."""
        return [rule for rule in self.chains.get(chain, []) if is_docker_rule(rule)]


def parse(text: str) -> Table:
    """Read what `iptables -t TABLE -S` prints."""
    table = Table()
    for line in text.splitlines():
        match _words(line):
            case ["-P", chain, policy]:
                table.policies[chain] = policy
                table.chains.setdefault(chain, [])
            case ["-N", chain]:
                table.chains.setdefault(chain, [])
            case ["-A", chain, *rule]:
                table.chains.setdefault(chain, []).append(rule)
    return table


def _words(line: str) -> list[str]:
    """Split a line as iptables quotes it. In double quotes it escapes single ones, unlike a shell.

    Lines that are no arguments, such as warnings, have no words.
    """
    return shlex.split(line.replace("\\'", "'")) if line.startswith("-") else []


def is_docker_chain(chain: str) -> bool:
    """Whether Docker creates chains of this name: DOCKER, DOCKER-USER, DOCKER-FORWARD and so on."""
    return re.fullmatch(r"DOCKER(-[A-Z0-9-]+)?", chain) is not None


def is_docker_interface(name: str) -> bool:
    """Whether a network interface is a bridge of Docker: docker0, or br- and a network's id."""
    return re.fullmatch(r"docker0|br-[0-9a-f]{12}", name) is not None


def is_docker_rule(rule: Command) -> bool:
    """Whether a rule jumps to a chain of Docker's or matches a bridge of Docker's."""
    for option, value in pairwise(rule):
        if option in ("-j", "-g") and is_docker_chain(value):
            return True
        if option in ("-i", "-o") and is_docker_interface(value):
            return True
    return False


def restoring(before: str, now: str) -> list[Command]:
    """Return the iptables commands that bring Docker's part of a table back to how it was.

    `before` and `now` are what `iptables -S` printed. Docker's rules and chains that were added are
    removed one by one, those that are missing are added. An unreadable table, of which nothing was
    printed, is left alone.
    """
    if not now.strip():
        return []
    old, new = parse(before), parse(now)
    return [
        *_restored_policy(old, new),
        *_removed_rules(old, new),
        *_restored_chains(old, new),
        *_inserted_rules(old, new),
    ]


def _restored_policy(old: Table, new: Table) -> list[Command]:
    """Set the policy of FORWARD as it was. A table that did not exist had the default."""
    if FORWARD not in new.policies:
        return []
    policy = old.policies.get(FORWARD, "ACCEPT")
    return [["-P", FORWARD, policy]] if new.policies[FORWARD] != policy else []


def _removed_rules(old: Table, new: Table) -> list[Command]:
    """Delete Docker's rules that were added to chains of others."""
    commands = []
    for chain in new.other_chains:
        kept = Counter(map(tuple, old.docker_rules(chain)))
        for rule in new.docker_rules(chain):
            if kept[tuple(rule)] > 0:
                kept[tuple(rule)] -= 1
            else:
                commands.append(["-D", chain, *rule])
    return commands


def _restored_chains(old: Table, new: Table) -> list[Command]:
    """Delete Docker's chains that were added; write the rules of those that have changed again.

    Every chain is flushed before one is deleted, because they jump to one another.
    """
    added = [chain for chain in new.docker_chains if chain not in old.chains]
    changed = [chain for chain in old.docker_chains if new.chains.get(chain) != old.chains[chain]]
    return [
        *(["-N", chain] for chain in changed if chain not in new.chains),
        *(["-F", chain] for chain in [*added, *changed]),
        *(["-X", chain] for chain in added),
        *(["-A", chain, *rule] for chain in changed for rule in old.chains[chain]),
    ]


def _inserted_rules(old: Table, new: Table) -> list[Command]:
    """Insert Docker's rules that are missing from chains of others where they were."""
    commands = []
    for chain in old.other_chains:
        if chain not in new.chains:
            continue
        present = Counter(map(tuple, new.docker_rules(chain)))
        for position, rule in enumerate(old.chains[chain], 1):
            if not is_docker_rule(rule):
                continue
            if present[tuple(rule)] > 0:
                present[tuple(rule)] -= 1
            else:
                commands.append(["-I", chain, str(position), *rule])
    return commands
