"""Building and serving the site with mkdocs."""

import os
import subprocess
import sys
from pathlib import Path

from guide import ROOT, Problem
from guide.machine.commands import run
from guide.machine.serving import is_free

# Material's notice about its own future is not about this site.
ENVIRON = {"NO_MKDOCS_2_WARNING": "1"}


def build(folder: Path, source: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    """Build the site of the tree `source` into `folder`, strictly.

    Never with --quiet: it drops the warnings before --strict counts them.
    """
    return run(
        *(sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder),
        cwd=source,
        env={**os.environ, **ENVIRON, **environ},
        failing="mkdocs build failed",
        check=False,
    )


def serve(port: int | None) -> int:
    """Serve with live reload until Ctrl-C; returns an exit code.

    Without a port, the first free one from 8000 on. Raises Problem if a given one is taken.
    """
    if port is not None and not is_free(port):
        raise Problem(f"Port {port} is in use. Give another with --port, or leave it out.")
    chosen = port or next(each for each in range(8000, 8100) if is_free(each))
    address = f"127.0.0.1:{chosen}"
    print(f"The guide will be at http://{address}/ in a few seconds. Stop with Ctrl-C.", flush=True)
    environ = {**os.environ, **ENVIRON, "SITE_URL": f"http://{address}/"}
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address]
    server = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        return server.wait()
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait()
