"""Put the modules of a page into few files, so that a browser does not request each of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guide import Problem

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_RE_EXPORT = re.compile(r'^export \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)


@dataclass
class _Bundle:
    """The modules in the order in which they have to run, each in a function of its own.

    What a module exports is a constant of the file. `names` has the name of this constant for each
    export of each module. `shared` is the same for the modules in other files, from which this one
    imports them, and `homes` has the file of each. `used` has the names that come from each file.
    """

    folder: Path
    shared: Mapping[Path, dict[str, str]] = field(default_factory=dict)
    homes: Mapping[Path, Path] = field(default_factory=dict)
    used: dict[Path, set[str]] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    names: dict[Path, dict[str, str]] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    open: list[Path] = field(default_factory=list)
    libraries: dict[Path, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Leave the names of shared modules to them."""
        self.taken.update(name for names in self.shared.values() for name in names.values())

    @property
    def vendor(self) -> Path:
        """The folder with the libraries."""
        return self.folder.parent / "vendor"

    def with_entry(self, path: Path) -> dict[Path, dict[str, str]]:
        """Add a module, and return the names of the exports of all modules."""
        self.add(path)
        return self.names

    def add(self, path: Path, wanted: Mapping[str, str] | None = None) -> dict[str, str]:
        """Add a module after those that it imports. Return the names of its exports.

        `wanted` has the names that the first module that imports this one has for its exports.
        """
        if path in self.shared:
            return self.shared[path]
        if path in self.open:
            cycle = " and ".join(each.name for each in self.open[self.open.index(path) :])
            raise Problem(f"The modules {cycle} import each other. Remove one of the imports.")
        if path not in self.names:
            self.open.append(path)
            text = path.read_text()
            imports = [*self._imports(path, text)]
            re_exports = self._re_exports(path, text)
            self.open.pop()
            exports: list[str] = _EXPORT.findall(text)
            names = {name: self._unique((wanted or {}).get(name, name)) for name in exports}
            self.names[path] = names | re_exports
            self.parts.append(_module(path, text, imports, names))
        return self.names[path]

    def _imports(self, path: Path, text: str) -> Iterator[str]:
        """Yield a line for each import whose name in the module is not its name in the file."""
        for listed, address in _IMPORT.findall(text):
            source = (path.parent / address).resolve()
            wanted = dict(_pairs(listed))
            names = self._exports_of(source, wanted)
            for name, local in wanted.items():
                if names[name] != local:
                    yield f"const {local} = {names[name]};\n"

    def _re_exports(self, path: Path, text: str) -> dict[str, str]:
        names: dict[str, str] = {}
        for listed, address in _RE_EXPORT.findall(text):
            wanted = dict(_pairs(listed))
            exports = self._exports_of((path.parent / address).resolve(), wanted)
            names |= {local: exports[name] for name, local in wanted.items()}
        return names

    def _exports_of(self, source: Path, wanted: Mapping[str, str]) -> dict[str, str]:
        if source.parent == self.vendor:
            names = self.libraries.setdefault(source, {})
            for name in wanted:
                names.setdefault(name, self._unique(name))
            return names
        names = self.add(source, wanted)
        if source in self.shared:
            used = self.used.setdefault(self.homes[source], set())
            used |= {names[name] for name in wanted}
        return names

    def _unique(self, name: str) -> str:
        """Return a name for a constant of the file, with a number if the name is taken."""
        self.taken[name] += 1
        return f"{name}_{self.taken[name]}" if self.taken[name] > 1 else name

    def text(self, exports: Mapping[str, str]) -> str:
        """Return the file."""
        lines = []
        for path, names in sorted(self.libraries.items()):
            address = path.relative_to(self.folder.parent).as_posix()
            listed = _listed((name, own) for name, own in sorted(names.items()))
            lines.append(f'import {{ {listed} }} from "../{address}";\n')
        for path, used in sorted(self.used.items()):
            address = f"../{path.parent.name}/{path.name}"
            lines.append(f'import {{ {", ".join(sorted(used))} }} from "{address}";\n')
        listed = _listed((own, name) for name, own in sorted(exports.items()))
        end = f"export {{ {listed} }};\n" if exports else ""
        return "".join([*lines, *self.parts, end])


def _listed(pairs: Iterable[tuple[str, str]], renaming: str = " as ") -> str:
    return ", ".join(one if one == other else f"{one}{renaming}{other}" for one, other in pairs)


def _pairs(listed: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each import in the other module, and its name in this one."""
    for each in filter(None, map(str.strip, listed.split(","))):
        name, _, local = each.partition(" as ")
        yield name, local or name


def _module(path: Path, text: str, imports: list[str], names: Mapping[str, str]) -> str:
    body = _EXPORT.sub("", _RE_EXPORT.sub("", _IMPORT.sub("", text))).strip("\n")
    if left := re.search(r"^(?:import|export)\b.*", body, re.MULTILINE):
        raise Problem(f"{path.name} has {left[0]!r}, which the bundle does not support.")
    result = f"const {{ {_listed(names.items(), ': ')} }} = " if names else ""
    returned = f"\nreturn {{ {', '.join(names)} }};" if names else ""
    return f"{result}(() => {{\n{''.join(imports)}{body}{returned}\n}})();\n"


def joined_modules(entries: Iterable[Path], shared_file: Path) -> dict[Path, str]:
    """Return the texts of files that have an entry module each, with all modules that it imports.

    The modules that the first entry and another one import are in the shared file. Those that only
    later entries import are in the file of the earliest of these. Libraries keep their own files.
    Raises Problem if modules import each other, or if they export in an unusual way.
    """
    paths = [entry.resolve() for entry in entries]
    needed = [_Bundle(entry.parent).with_entry(entry) for entry in paths]
    shared = _Bundle(shared_file.parent)
    for path in needed[0]:
        if any(path in modules for modules in needed[1:]):
            shared.add(path)
    names = {**shared.names}
    homes = dict.fromkeys(names, shared_file)
    exports: dict[Path, dict[str, str]] = {shared_file: {}}
    joined = {shared_file: shared}
    for entry in paths:
        bundle = _Bundle(entry.parent, {**names}, homes)
        exports[entry] = {**bundle.with_entry(entry)[entry]}
        joined[entry] = bundle
        for home, used in bundle.used.items():
            exports[home] |= {name: name for name in used}
        names |= bundle.names
        homes |= dict.fromkeys(bundle.names, entry)
    return {path: bundle.text(exports[path]) for path, bundle in joined.items()}
