"""Time the builds of contenders, and measure their images and the start of their service."""

import json
import re
import secrets
import time
import urllib.request
from pathlib import Path

from guide.bench.environment import BenchEnvironment
from guide.bench.results import Result, Timing
from guide.content.contenders import Contender
from guide.engine.build import Build
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.isolated import fresh_base_image
from guide.machine.interrupts import uninterrupted
from guide.machine.waiting import wait_until
from guide.record.layers import recorded_steps

MEASURE_STEP = Path(__file__).with_name("measure_step.sh")


def time_builds(environment: BenchEnvironment, contender: Contender) -> Result:
    """Time a build without a cache, and a build after each change."""
    isolation = environment.without_cache(contender, fresh_base_image)
    timings = {}
    with environment.repository(contender) as repository:
        for change in contender.changes:
            build = environment.build(contender, change, f"{repository}:{change}", *isolation)
            timings[change] = build_timing(build)
    return {"timings": timings}


def build_timing(build: Build) -> Timing:
    """Return the duration and the steps of a build."""
    return {"seconds": round(build.seconds, 2), "steps": recorded_steps(build)}


# The settings with which the status page starts.
SETTINGS = ("SECRET_KEY=only-for-this-run", "ALLOWED_HOSTS=127.0.0.1", "HTTPS=off")


def time_start(environment: BenchEnvironment, contender: Contender) -> Result:
    """Measure the time from `docker run` to the first page that the service answers with.

    The root file system is read-only, and the service does not run as root, so the container cannot
    keep bytecode that it compiles.
    """
    use = f"start {contender.name}"
    if use not in environment.images:
        tag = f"{PREFIX}/{contender.name}:{secrets.token_hex(4)}"
        environment.build(contender, "cold", tag)
        environment.images[use] = tag
    engine, image = environment.engine, environment.images[use]
    volume = f"{PREFIX}-{secrets.token_hex(4)}"
    options = [f"--env=DJANGO_{each}" for each in SETTINGS]
    options += ["--read-only", "--tmpfs=/tmp", f"--mount=type=volume,source={volume},target=/data"]
    engine.docker("volume", "create", "--label", LABEL, volume)
    try:
        migrate = ("python", "manage.py", "migrate", "--noinput")
        engine.run(image, *migrate, options=tuple(options))
        seconds = _seconds_to_first_page(engine, image, options)
    finally:
        with uninterrupted():
            engine.docker("volume", "rm", "--force", volume, check=False)
    return {"timings": {"start": {"seconds": round(seconds, 2)}}}


def _seconds_to_first_page(engine: Engine, image: str, options: list[str]) -> float:
    published = ("--label", LABEL, "--publish=127.0.0.1::8000")
    start = time.monotonic()
    container = engine.docker("run", "--detach", *options, *published, image).stdout.strip()
    try:
        host_port = engine.docker("port", container, "8000/tcp").stdout.split()[0]
        _wait_for(f"http://{host_port}/", container)
        return time.monotonic() - start
    finally:
        with uninterrupted():
            engine.docker("rm", "--force", "--volumes", container, check=False)


def _wait_for(url: str, container: str) -> None:
    def answers() -> bool:
        with urllib.request.urlopen(url, timeout=5):
            return True

    failing = f"The service in container {container[:12]} did not answer"
    wait_until(answers, timeout=60, interval=0.01, failing=failing, ignoring=OSError)


def measure_image(environment: BenchEnvironment, contender: Contender) -> Result:
    """Measure the size of an image, and the downloads and memory of its cold build."""
    isolation = environment.without_cache(contender, _measuring_image)
    with environment.repository(contender) as repository:
        tag = f"{repository}:cold"
        build = environment.build(contender, "cold", tag, *isolation)
        inspected = json.loads(environment.engine.docker("image", "inspect", tag).stdout)[0]
    steps = re.findall(r"measured: (\d+) bytes, (\d+) KiB", build.output)
    return {
        "image": {
            "size": inspected["Size"],
            "layers": len(inspected["RootFS"]["Layers"]),
            "downloaded": sum(int(received) for received, _ in steps),
            "peak_memory": max((int(memory) for _, memory in steps), default=0) * 1024,
        }
    }


def _measuring_image(engine: Engine, image: str) -> str:
    """Build a copy of `image` whose shell measures each step, and return its tag."""
    tag = fresh_base_image(engine, image)
    script = f"COPY --chmod=755 <<'END' /measure\n{MEASURE_STEP.read_text()}END\n"
    engine.build_text(f'FROM {tag}\n{script}SHELL ["/measure"]\n', tag)
    return tag
