"""The matcher is fast enough to run while somebody types."""

import matcher
import pytest

from guide.machine import node

# The limit in milliseconds, for a short message as well as for a long log.
LIMIT = 20
ERROR = "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided."


def milliseconds(log: str) -> float:
    """Return the CPU time that a browser's engine takes for a log once it runs.

    The fastest round counts, because other tests run at the same time.
    """
    call = """({ data, log }) => {
        const messages = module.compiled(data);
        const times = Array.from({ length: 5 }, () => {
            const start = process.cpuUsage();
            if (!module.matches(log, messages).length) throw new Error("no answer");
            const { user, system } = process.cpuUsage(start);
            return (user + system) / 1000;
        });
        return Math.min(...times);
    }"""
    return float(node.call(matcher.MODULE, call, {"data": matcher.page_data(), "log": log}))


def long_log(lines: int) -> str:
    """Return a log of different lines, as a build prints them, with an error at the end."""
    texts = [
        f"#12 {number / 10} Downloading package-{number} ({number}.{number % 7} MiB) from the index"
        if number % 2
        else f"web-1  | 192.0.2.{number % 255} GET /orders/{number}/ HTTP/1.1 200 {number * 7}"
        for number in range(lines - 1)
    ]
    return "\n".join([*texts, ERROR])


@pytest.mark.parametrize("lines", [20, 2000])
def test_a_log_gets_its_answer_within_the_limit(lines):
    time = milliseconds(long_log(lines))
    print(f"{lines} lines: {time:.1f} ms")
    assert time < LIMIT


def test_a_log_without_an_end_does_not_block_the_browser():
    """Two megabytes in one line take less than a second."""
    assert milliseconds(f"{'x ' * 1_000_000}\n{ERROR}") < 1000
