"""Put the modules of a page into one file, so that a browser needs one request for all of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guide import Problem

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_RE_EXPORT = re.compile(r'^export \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)


@dataclass
class _Bundle:
    """The modules in the order in which they have to run, each as a function's result."""

    folder: Path
    vendor: Path
    parts: list[str] = field(default_factory=list)
    numbers: dict[Path, int] = field(default_factory=dict)
    open: list[Path] = field(default_factory=list)
    libraries: dict[Path, set[str]] = field(default_factory=dict)

    def add(self, path: Path) -> str:
        """Add a module after those that it imports. Return the name of its exports."""
        if path.parent == self.vendor:
            return ""
        if path in self.open:
            names = " and ".join(each.name for each in self.open[self.open.index(path) :])
            raise Problem(f"The modules {names} import each other. Remove one of the imports.")
        if path not in self.numbers:
            self.open.append(path)
            text = path.read_text()
            imports = [*self._imports(path, text)]
            self.open.pop()
            self.numbers[path] = len(self.numbers)
            self.parts.append(self._module(path, text, imports))
        return f"m{self.numbers[path]}"

    def _imports(self, path: Path, text: str) -> Iterator[str]:
        """Yield a line for each import. Libraries keep their own files."""
        for names, address in _IMPORT.findall(text) + _RE_EXPORT.findall(text):
            source = (path.parent / address).resolve()
            listed = [each.strip() for each in names.split(",") if each.strip()]
            if source.parent == self.vendor:
                self.libraries.setdefault(source, set()).update(listed)
                continue
            module = self.add(source)
            if listed:
                renamed = ", ".join(each.replace(" as ", ": ") for each in listed)
                yield f"const {{ {renamed} }} = {module};\n"

    def _module(self, path: Path, text: str, imports: list[str]) -> str:
        body = _RE_EXPORT.sub("", _IMPORT.sub("", text))
        names = _EXPORT.findall(body)
        for listed, _ in _RE_EXPORT.findall(text):
            names += [each.strip() for each in listed.split(",") if each.strip()]
        body = _EXPORT.sub("", body).strip("\n")
        if left := re.search(r"^(?:import|export)\b.*", body, re.MULTILINE):
            raise Problem(f"{path.name} has {left[0]!r}, which the bundle does not support.")
        name = f"m{self.numbers[path]}"
        returned = f"\nreturn {{ {', '.join(names)} }};" if names else ""
        return f"const {name} = (() => {{\n{''.join(imports)}{body}{returned}\n}})();\n"

    def text(self) -> str:
        """Return the file."""
        lines = []
        for path, names in sorted(self.libraries.items()):
            address = path.relative_to(self.folder.parent).as_posix()
            lines.append(f'import {{ {", ".join(sorted(names))} }} from "../{address}";\n')
        return "".join([*lines, *self.parts])


def joined_modules(entry: Path, *exports: str) -> str:
    """Return a module with every module that it imports, apart from libraries, and its exports.

    Modules that are imported while the page runs, with `import(…)`, stay in their own files. Raises
    Problem if modules import each other, or if they export in an unusual way.
    """
    path = entry.resolve()
    result = _Bundle(path.parent, path.parent.parent / "vendor")
    name = result.add(path)
    exported = f"export const {{ {', '.join(exports)} }} = {name};\n" if exports else ""
    return result.text() + exported
