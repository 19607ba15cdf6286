"""Build and serve the site with mkdocs."""

import os
import subprocess
import sys
from pathlib import Path

from guide import ROOT, Problem
from guide.machine.commands import GRACE, run
from guide.machine.interrupts import uninterrupted
from guide.machine.serving import is_free

# Turns off Material's notice about its own future.
ENVIRON = {"NO_MKDOCS_2_WARNING": "1"}


def build_site(
    folder: Path, source: Path = ROOT, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Build the site of the tree `source` into `folder` with --strict, and return the process.

    --quiet is not used, because it hides the warnings that make --strict fail.
    """
    return run(
        *(sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder),
        cwd=source,
        env={**os.environ, **ENVIRON, **environ},
        failing="mkdocs build failed",
        check=False,
    )


def serve(port: int | None) -> int:
    """Serve the site with live reload until Ctrl-C, and return an exit code.

    The default is the first free port from 8000 on. Raises Problem if the given port is in use.
    """
    if port is not None and not is_free(port):
        raise Problem(f"Port {port} is in use. Pass a different --port, or omit it.")
    free_port = port or next(each for each in range(8000, 8100) if is_free(each))
    address = f"127.0.0.1:{free_port}"
    print(f"The guide will be at http://{address}/ in a few seconds. Stop with Ctrl-C.", flush=True)
    environ = {**os.environ, **ENVIRON, "SITE_URL": f"http://{address}/"}
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address]
    server = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        return server.wait()
    finally:
        with uninterrupted():
            server.terminate()
            try:
                server.wait(GRACE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
