"""Bundle the libraries that the site's modules import, each with the licences of its packages.

Run with: uv run --group test python -m guide.site.vendor
"""

import json
import tempfile
from pathlib import Path

from guide import ROOT
from guide.machine import files, node

VENDOR = ROOT / "docs" / "assets" / "js" / "vendor"
# The exports of each library that the modules use. Nothing else becomes part of its bundle.
LIBRARIES = {"dockerfile-ast": "DockerfileParser", "smol-toml": "parse, TomlError"}


def write_bundles() -> None:
    """Write the bundles and their licences into the folder that is published."""
    for library in LIBRARIES:
        for name, content in bundle(library).items():
            files.update(VENDOR / name, content)
            print(f"{name}: {len(content)} bytes")


def bundle(library: str) -> dict[str, bytes]:
    """Return the ES module of a library and the licences of the packages in it, keyed by name."""
    home = node.installed_project("vendor")
    with tempfile.TemporaryDirectory() as folder:
        module, report = Path(folder, f"{library}.js"), Path(folder, "report.json")
        node.run(
            *("vendor", "esbuild", "--bundle", "--format=esm", "--minify"),
            *(f"--outfile={module}", f"--metafile={report}"),
            input=f'export {{ {LIBRARIES[library]} }} from "{library}";',
            cwd=home,
            failing=f"esbuild could not bundle {library}",
        )
        inputs = [Path(name) for name in json.loads(report.read_text())["inputs"]]
        packages = {path.parts[1] for path in inputs if path.parts[0] == "node_modules"}
        # The package itself first, and the packages that it uses after it.
        order = sorted(packages, key=lambda name: (name != library, name))
        texts = [_licence(home / "node_modules" / name) for name in order]
        return {module.name: module.read_bytes(), f"{library}-LICENSE.txt": b"\n".join(texts)}


def _licence(package: Path) -> bytes:
    """Return the package's name and version, and its licence."""
    details = json.loads((package / "package.json").read_text())
    (path,) = (each for each in package.iterdir() if each.stem.upper() == "LICENSE")
    text = path.read_text().replace("\r\n", "\n").strip()
    return f"{details['name']} {details['version']}\n\n{text}\n".encode()


if __name__ == "__main__":
    write_bundles()
