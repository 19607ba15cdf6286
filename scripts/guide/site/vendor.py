"""Bundle the libraries that the site's modules import, each with the licences of its packages.

Run with: uv run --group test python -m guide.site.vendor
"""

import json
import re
import tempfile
from pathlib import Path

from guide import ROOT, Problem
from guide.machine import files, node

# The package of a bundled file, with its scope.
_PACKAGE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)")
VENDOR = ROOT / "docs" / "assets" / "js" / "vendor"
# The exports of each library that the modules use. Nothing else becomes part of its bundle.
LIBRARIES = {
    "@renovatebot/pep440": "satisfies, valid",
    "fflate": "strToU8, zipSync",
    "smol-toml": "parse, TomlError",
    "yaml": "isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument",
}


def write_bundles() -> None:
    """Write the bundles and their licences into the folder that is published."""
    for library in LIBRARIES:
        for name, content in bundle(library).items():
            files.update(VENDOR / name, content)
            print(f"{name}: {len(content)} bytes")


def bundle(library: str) -> dict[str, bytes]:
    """Return the ES module of a library and the licences of the packages in it, keyed by name."""
    home = node.installed_project("vendor")
    name = bundle_name(library)
    with tempfile.TemporaryDirectory() as folder:
        module, report = Path(folder, f"{name}.js"), Path(folder, "report.json")
        node.run(
            *("vendor", "esbuild", "--bundle", "--format=esm", "--minify"),
            # The licences have a file of their own, which readers do not download.
            *("--legal-comments=none", f"--banner:js=/*! Licence: {name}-LICENSE.txt */"),
            *(f"--outfile={module}", f"--metafile={report}"),
            input=f'export {{ {LIBRARIES[library]} }} from "{library}";',
            cwd=home,
            failing=f"esbuild could not bundle {library}",
        )
        inputs = json.loads(report.read_text())["inputs"]
        packages = {match[1] for each in inputs if (match := _PACKAGE.match(each))}
        # The package itself first, and the packages that it uses after it.
        order = sorted(packages, key=lambda package: (package != library, package))
        texts = [_licence(home / "node_modules" / package) for package in order]
        return {module.name: module.read_bytes(), f"{name}-LICENSE.txt": b"\n".join(texts)}


def bundle_name(library: str) -> str:
    """Return the name of a library's bundle: the library's name without its scope."""
    return library.rpartition("/")[2]


def _licence(package: Path) -> bytes:
    """Return the package's name and version, and its licences."""
    details = json.loads((package / "package.json").read_text())
    paths = sorted(each for each in package.iterdir() if each.stem.upper() == "LICENSE")
    if not paths:
        raise Problem(f"{details['name']} has no licence file. Choose a library that has one.")
    texts = [path.read_text().replace("\r\n", "\n").strip() for path in paths]
    return ("\n\n".join([f"{details['name']} {details['version']}", *texts]) + "\n").encode()


if __name__ == "__main__":
    write_bundles()
