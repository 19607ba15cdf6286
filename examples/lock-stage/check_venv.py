"""Check a kept virtual environment before it is copied into an image.

Usage: check_venv.py [--compile] KEPT NEW REQUIREMENTS

KEPT is the virtual environment after `uv pip sync`, NEW is an empty one that
uv has just created, and REQUIREMENTS is the exported lockfile. Each file in
KEPT must have the hash that its package's RECORD lists, or be identical to
the file in NEW. With --compile, the script compiles modules that have no
bytecode, and adds the hashes of the new bytecode to RECORD so that the next
check covers the bytecode.
"""

import argparse
import csv
import hashlib
import multiprocessing
import os
import py_compile
import re
import sys
from base64 import urlsafe_b64encode
from importlib.util import cache_from_source
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compile", action="store_true")
    for name in ("kept", "new", "requirements"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    site = next(args.kept.glob("lib/python*/site-packages"))
    recorded, sources = read_records(site)
    problems = [
        *wrong_packages(site, args.requirements),
        *wrong_files(args.kept, args.new, recorded),
    ]
    if problems:
        print("error: The kept venv is not what uv installed.", file=sys.stderr)
        sys.exit("\n".join(problems[:10]))
    if args.compile:
        compile_missing(site, sources)


def read_records(site):
    """Return the hashes that RECORDs list, and the RECORD of each module."""
    recorded, sources = {}, {}
    for record in site.glob("*.dist-info/RECORD"):
        for name, expected, _ in csv.reader(record.read_text().splitlines()):
            path = os.path.normpath(site / name)
            # Two packages can contain the same file, so accept the hash from
            # either package.
            recorded.setdefault(path, set()).add(expected)
            if path.endswith(".py"):
                sources[path] = record
    return recorded, sources


def wrong_packages(site, requirements):
    """Return the differences between the installed and the exported packages."""
    installed = set()
    for info in site.glob("*.dist-info"):
        name, version = info.stem.rsplit("-", 1)
        # Normalize the name and the version as uv does: `Foo_Bar` becomes
        # `foo-bar`, and `2026.01` becomes `2026.1`.
        name = re.sub(r"[-_.]+", "-", name).lower()
        version = re.sub(r"\b0+(?=\d)", "", version)
        installed.add(f"{name}=={version}")
    # A package with a marker might be for a different platform, so it does not
    # have to be installed. uv has already evaluated the marker.
    lines = re.findall(r"^([\w.-]+==\S+)(\s*;)?", requirements.read_text(), re.M)
    exported = {package for package, _ in lines}
    needed = {package for package, marker in lines if not marker}
    return [
        *(f"not in the lockfile: {each}" for each in sorted(installed - exported)),
        *(f"not installed: {each}" for each in sorted(needed - installed)),
    ]


def wrong_files(kept, new, recorded):
    """Return the changed, missing and additional files."""
    # uv locks this empty file while it changes an environment, so the file
    # exists in the kept environment.
    (new / ".lock").touch()
    changed, additional, existing = [], [], set()
    for path in files(kept):
        existing.add(path)
        hashes = recorded.get(path)
        if hashes is None and is_bytecode(path):
            # Remove bytecode that is not yet listed in any RECORD. It is then
            # compiled again.
            os.remove(path)
        elif hashes is None:
            if not same(path, new / os.path.relpath(path, kept)):
                additional.append(path)
        # Skip RECORD itself, because it cannot contain its own hash.
        elif not path.endswith(".dist-info/RECORD") and file_hash(path) not in hashes:
            changed.append(path)
    groups = {
        "changed": changed,
        "in no package": additional,
        "missing": recorded.keys() - existing,
    }
    return [
        f"{what}: {os.path.relpath(path, kept)}"
        for what, paths in groups.items()
        for path in sorted(paths)
    ]


def files(top):
    """Yield the path of every file. A link to a folder counts as a file."""
    for folder, folders, names in os.walk(top):
        paths = [os.path.join(folder, name) for name in names + folders]
        yield from (
            each for each in paths if os.path.islink(each) or not os.path.isdir(each)
        )


def is_bytecode(path):
    return path.endswith(".pyc") and os.path.dirname(path).endswith("/__pycache__")


def same(path, other):
    """Return whether two files, or the targets of two links, are the same."""
    if os.path.islink(path) and os.path.islink(other):
        return os.readlink(path) == os.readlink(other)
    return os.path.isfile(other) and file_hash(path) == file_hash(other)


def file_hash(path):
    """Return a file's SHA-256 as RECORD stores it, or None for a link."""
    if os.path.islink(path):
        return None
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).digest()
    return "sha256=" + urlsafe_b64encode(digest).decode().rstrip("=")


def compile_missing(site, sources):
    """Compile modules without bytecode, and list the bytecode in RECORD."""
    missing = [path for path in sources if not os.path.exists(cache_from_source(path))]
    if not missing:
        return
    with multiprocessing.Pool() as pool:
        compiled = pool.map(compile_module, missing, chunksize=8)
    for source, path in zip(missing, compiled, strict=True):
        if path is not None:
            row = [os.path.relpath(path, site), file_hash(path), os.path.getsize(path)]
            with sources[source].open("a", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(row)


def compile_module(path):
    """Compile a module. Return its bytecode's path, or None if that fails."""
    return py_compile.compile(path, quiet=2)


if __name__ == "__main__":
    main()
