"""The matcher is fast enough to run while somebody types."""

import matcher
import pytest

from guide.machine import node

# The limit in milliseconds, for a short message as well as for a long log.
LIMIT = 20
ERROR = "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided."


def milliseconds(log: str, rounds: int = 9) -> float:
    """Return how long a browser's engine takes for a log, without the time to start."""
    call = """({ data, log, rounds }) => {
        const messages = module.compiled(data);
        const times = Array.from({ length: rounds }, () => {
            const start = performance.now();
            if (!module.matches(log, messages).length) throw new Error("no answer");
            return performance.now() - start;
        });
        return times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
    }"""
    argument = {"data": matcher.page_data(), "log": log, "rounds": rounds}
    return float(node.call(matcher.MODULE, call, argument))


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
    assert milliseconds(f"{'x ' * 1_000_000}\n{ERROR}", rounds=1) < 1000
