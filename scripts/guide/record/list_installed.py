"""Run uv commands in an example and print the packages that each installs, as lines of JSON.

The arguments are command lines. Those before "--" use whole packages. The others use packages
without their files: uv needs only a package's metadata, and thousands of virtual environments are
created faster without the files. The first line of output has the sizes of all packages in kB.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

cache, venv = Path("/tmp/cache"), Path("/tmp/venv")
shutil.copytree("/example", ".", dirs_exist_ok=True)
os.environ.pop("UV_NO_CACHE", None)
os.environ |= {"UV_CACHE_DIR": str(cache), "UV_PROJECT_ENVIRONMENT": str(venv)}


def find_installed(pattern: str) -> list[Path]:
    return sorted(venv.glob("lib/python*/site-packages/" + pattern))


def run_line(line: str) -> dict[str, str | list[str]]:
    shutil.rmtree(venv, ignore_errors=True)
    for command in line.split(" && "):
        words = command.split()
        words.insert(2, "--quiet")
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            errors = done.stderr.strip().splitlines() or ["error: it gave no reason"]
            return {"refused": errors[0].removeprefix("error: ")}
    names = (path.name.partition("-")[0] for path in find_installed("*.dist-info"))
    return {"packages": sorted(name.replace("_", "-") for name in names)}


subprocess.run(["uv", "sync", "--quiet", "--locked", "--all-groups"], check=True)
sizes = {}
for each in distributions(path=[str(path.parent) for path in find_installed("*.dist-info")[:1]]):
    files = (Path(str(each.locate_file(file))) for file in each.files or [])
    size = sum(file.stat().st_size for file in files if file.exists())
    sizes[each.metadata["Name"].lower().replace("_", "-")] = round(size / 1000)
print(json.dumps(dict(sorted(sizes.items()))))

separator = sys.argv.index("--")
for number, line in enumerate(sys.argv[1:]):
    if number + 1 == separator:
        for path in cache.glob("archive-v0/*/*"):
            if path.is_dir() and not path.name.endswith(".dist-info"):
                shutil.rmtree(path)
    else:
        print(json.dumps([line, run_line(line)]), flush=True)
