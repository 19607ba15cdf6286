"""Compare and restore Docker's chains and rules in a firewall.

Tables are read from the output of `iptables -t TABLE -S`, which has one line for each chain, policy
and rule. The chains of other programs are never changed. Their rules are removed only if they are
in a Docker chain or jump to one, because dockerd's chains cannot be deleted otherwise.
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

_BRIDGE = r"(?:docker0|br-[0-9a-f]{12})"
# The rules that dockerd 20 to 28 adds to built-in chains and that do not jump to a Docker chain.
# The last one protects a port that is published on the loopback address.
_DOCKERD_RULES = re.compile(
    "|".join(
        (
            rf"FORWARD -o {_BRIDGE} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            rf"FORWARD -i (?P<source>{_BRIDGE}) ! -o (?P=source) -j ACCEPT",
            rf"FORWARD -i (?P<bridge>{_BRIDGE}) -o (?P=bridge) -j (?:ACCEPT|DROP)",
            rf"POSTROUTING -s \S+ ! -o {_BRIDGE} -j MASQUERADE",
            rf"POSTROUTING -o {_BRIDGE} -m addrtype --src-type LOCAL -j MASQUERADE",
            rf"PREROUTING -d \S+ ! -i {_BRIDGE} -j DROP",
            r"PREROUTING -d 127\.0\.0\.1/32 ! -i lo -p (\w+) -m \w+ --dport \d+ -j DROP",
        )
    )
)

# The arguments of an iptables command, after the name of the table.
Command = list[str]


@dataclass
class Table:
    """A firewall table: the policies of built-in chains, and the rules of every chain."""

    policies: dict[str, str] = field(default_factory=dict)
    chains: dict[str, list[Command]] = field(default_factory=dict)

    @property
    def docker_chains(self) -> list[str]:
        """The chains that Docker created."""
        return [chain for chain in self.chains if is_docker_chain(chain)]

    @property
    def other_chains(self) -> list[str]:
        """Built-in chains and chains of other programs, in which Docker may have rules."""
        return [chain for chain in self.chains if not is_docker_chain(chain)]

    def docker_rules(self, chain: str) -> list[Command]:
        """Return a chain's rules that dockerd wrote or that jump to Docker's chains."""
        return [rule for rule in self.chains.get(chain, []) if is_docker_rule(chain, rule)]


def parse(text: str) -> Table:
    """Parse the output of `iptables -t TABLE -S`."""
    table = Table()
    for line in text.splitlines():
        match _arguments(line):
            case ["-P", chain, policy]:
                table.policies[chain] = policy
                table.chains.setdefault(chain, [])
            case ["-N", chain]:
                table.chains.setdefault(chain, [])
            case ["-A", chain, *rule]:
                table.chains.setdefault(chain, []).append(rule)
    return table


def _arguments(line: str) -> list[str]:
    """Split a line into the arguments of an iptables command.

    Unlike a shell, iptables escapes single quotes inside double quotes. Lines without arguments,
    such as warnings, return an empty list.
    """
    return shlex.split(line.replace("\\'", "'")) if line.startswith("-") else []


def is_docker_chain(chain: str) -> bool:
    """Return whether Docker creates chains with this name, such as DOCKER or DOCKER-USER."""
    return re.fullmatch(r"DOCKER(-[A-Z0-9-]+)?", chain) is not None


def is_docker_interface(name: str) -> bool:
    """Return whether a network interface is a Docker bridge: docker0, or br- and a network's id."""
    return re.fullmatch(_BRIDGE, name) is not None


def is_docker_rule(chain: str, rule: Command) -> bool:
    """Return whether a rule jumps to a Docker chain or is one that dockerd writes.

    An administrator's rule that only matches a Docker bridge is neither.
    """
    jumps = any(
        option in ("-j", "-g") and is_docker_chain(target) for option, target in pairwise(rule)
    )
    return jumps or _DOCKERD_RULES.fullmatch(" ".join([chain, *rule])) is not None


def restore_commands(before: str, now: str) -> list[Command]:
    """Return the iptables commands that restore Docker's part of a table.

    `before` and `now` are outputs of `iptables -S`. Added rules and chains of Docker are removed
    one by one, and missing ones are added. If `now` is empty because the table cannot be read, the
    table is not changed.
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
    """Restore the policy of FORWARD. The default applies if the table did not exist before."""
    if FORWARD not in new.policies:
        return []
    policy = old.policies.get(FORWARD, "ACCEPT")
    return [["-P", FORWARD, policy]] if new.policies[FORWARD] != policy else []


def _removed_rules(old: Table, new: Table) -> list[Command]:
    """Delete the rules that Docker added to other chains."""
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
    """Delete Docker's added chains, and rewrite the rules of its changed chains.

    Every chain is flushed before any is deleted, because the chains jump to one another.
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
    """Insert Docker's missing rules into other chains, at their previous positions.

    iptables refuses a position beyond the end of the chain, so a rule is appended there.
    """
    commands = []
    for chain in old.other_chains:
        if chain not in new.chains:
            continue
        present = Counter(map(tuple, new.docker_rules(chain)))
        removed = present - Counter(map(tuple, old.docker_rules(chain)))
        length = len(new.chains[chain]) - removed.total()
        for position, rule in enumerate(old.chains[chain], 1):
            if not is_docker_rule(chain, rule):
                continue
            if present[tuple(rule)] > 0:
                present[tuple(rule)] -= 1
                continue
            inserted = position <= length
            commands.append(
                ["-I", chain, str(position), *rule] if inserted else ["-A", chain, *rule]
            )
            length += 1
    return commands
