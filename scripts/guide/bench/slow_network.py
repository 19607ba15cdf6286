"""Throttle the network of containers to the speed of a home connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from guide import Problem
from guide.content.recording_types import Network
from guide.engine.docker import Engine
from guide.engine.network import BRIDGE
from guide.engine.system import admin_environ
from guide.machine.commands import run
from guide.machine.interrupts import uninterrupted

SLOW: Network = {"rate": "50mbit", "delay": "30ms"}
UNLIMITED: Network = {"rate": "not shaped"}
NO_DELAY = "not added: this kernel has no netem"


@contextmanager
def limited_network(engine: Engine, network: Network) -> Iterator[Network]:
    """Limit the network of a private engine, and yield the limits in force.

    A kernel without netem can limit the rate but cannot delay packets. Raises Problem if the engine
    is not private, or if the kernel cannot limit the rate.
    """
    if "delay" not in network:
        yield network
        return
    if not engine.private:
        raise Problem(
            "scripts/bench does not throttle your own Docker engine. Stop that engine and run this "
            "again."
        )
    limits = _limit(network["rate"], network["delay"])
    try:
        yield limits
    finally:
        with uninterrupted():
            _tc("delete")


def _limit(rate: str, delay: str) -> Network:
    if _tc("replace", "netem", "rate", rate, "delay", delay):
        return {"rate": rate, "delay": delay}
    if _tc("replace", "tbf", "rate", rate, "burst", "64kb", "latency", "400ms"):
        return {"rate": rate, "delay": NO_DELAY}
    raise Problem("tc cannot limit the network: this kernel has neither netem nor tbf.")


def _tc(verb: str, *discipline: str) -> bool:
    command = ("tc", "qdisc", verb, "dev", BRIDGE, "root", *discipline)
    done = run(*command, failing="tc failed", check=False, timeout=60, env=admin_environ())
    return done.returncode == 0
