"""Put the modules of a page into one file, so that a browser needs one request for all of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guide import Problem

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_RE_EXPORT = re.compile(r'^export \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:async )?(?:const|let|function|class) ([\w{[]+)", re.MULTILINE)
_NO_NAMES = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
# The statement that a rule lacks, which only the tests read.
_FOR_TESTS = re.compile(r'^  lacks:\s*"(?:[^"\\]|\\.)*",\n', re.MULTILINE)


@dataclass(frozen=True)
class _Import:
    """What a module imports from another one, and its own name for it."""

    source: Path
    name: str
    alias: str


@dataclass
class _Module:
    """The text of a module without its imports and exports."""

    path: Path
    body: str
    exports: list[str]
    imports: list[_Import]


@dataclass
class _Bundle:
    """The modules in the order in which they have to run."""

    folder: Path
    vendor: Path
    modules: dict[Path, _Module] = field(default_factory=dict)
    open: list[Path] = field(default_factory=list)
    libraries: dict[Path, set[str]] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """Add a module after those that it imports."""
        if path in self.open:
            names = " and ".join(each.name for each in self.open[self.open.index(path) :])
            raise Problem(f"The modules {names} import each other. Remove one of the imports.")
        if path not in self.modules:
            self.open.append(path)
            text = path.read_text()
            imports = [*self._imports(path, text)]
            self.open.pop()
            self.modules[path] = _module(path, text, imports)

    def _imports(self, path: Path, text: str) -> Iterator[_Import]:
        """Yield what a module imports, and add the modules. Libraries keep their own files."""
        for names, address in _IMPORT.findall(text) + _RE_EXPORT.findall(text):
            source = (path.parent / address).resolve()
            if source.parent == self.vendor:
                self.libraries.setdefault(source, set()).update(_listed(names))
                continue
            self.add(source)
            for each in _listed(names):
                name, _, alias = each.partition(" as ")
                yield _Import(source, name, alias or name)

    def names(self) -> dict[tuple[Path, str], str]:
        """Return the name in the whole file of each export that a module imports.

        It is the one that every module has for it, unless that is also the name of something else.
        """
        aliases: dict[tuple[Path, str], set[str]] = defaultdict(set)
        for module in self.modules.values():
            for each in module.imports:
                aliases[each.source, each.name].add(each.alias)
        taken = Counter(alias for each in aliases.values() for alias in each)
        taken.update(name for names in self.libraries.values() for name in names)
        numbers = {path: number for number, path in enumerate(self.modules)}
        return {
            (path, name): alias
            if len(own) == 1 and taken[alias := min(own)] == 1
            else f"{name}{numbers[path]}"
            for (path, name), own in aliases.items()
        }

    def text(self) -> str:
        """Return the file."""
        lines = []
        for path, listed in sorted(self.libraries.items()):
            address = path.relative_to(self.folder.parent).as_posix()
            lines.append(f'import {{ {", ".join(sorted(listed))} }} from "../{address}";\n')
        names = self.names()
        taken = {*names.values(), *(each for listed in self.libraries.values() for each in listed)}
        for module in self.modules.values():
            text = _open(module, names, taken)
            lines.append(_closed(module, names) if text is None else text)
        return "".join(lines)


def _listed(names: str) -> list[str]:
    return [each.strip() for each in names.split(",") if each.strip()]


def _module(path: Path, text: str, imports: list[_Import]) -> _Module:
    body = _FOR_TESTS.sub("", _RE_EXPORT.sub("", _IMPORT.sub("", text)))
    exports = _EXPORT.findall(body)
    for listed, _ in _RE_EXPORT.findall(text):
        exports += _listed(listed)
    body = _EXPORT.sub("", body).strip("\n")
    if left := re.search(r"^(?:import|export)\b.*", body, re.MULTILINE):
        raise Problem(f"{path.name} has {left[0]!r}, which the bundle does not support.")
    return _Module(path, body, exports, imports)


def _open(module: _Module, names: dict[tuple[Path, str], str], taken: set[str]) -> str | None:
    """Return a module with names that the whole file sees, and add them to those that are taken.

    Return None if another module has one of the names.
    """
    if any(names[each.source, each.name] != each.alias for each in module.imports):
        return None
    used = {name: known for name in module.exports if (known := names.get((module.path, name)))}
    own = {*_TOP_LEVEL.findall(module.body)} - used.keys()
    if own & taken or any(name[0] in "{[" for name in own):
        return None
    body = module.body
    for name, known in used.items():
        if name != known:
            if len(re.findall(rf"\b{name}\b", _NO_NAMES.sub("", body))) > 1:
                return None
            body = re.sub(rf"^(const|function) {name}\b", rf"\1 {known}", body, flags=re.MULTILINE)
    taken |= own
    return f"{body}\n"


def _closed(module: _Module, names: dict[tuple[Path, str], str]) -> str:
    """Return a module as a function that runs once, and names what others import from it."""
    renamed = [(names[each.source, each.name], each.alias) for each in module.imports]
    own = "".join(f"const {alias} = {name};\n" for name, alias in renamed if name != alias)
    used = [name for name in module.exports if (module.path, name) in names]
    pairs = [(name, names[module.path, name]) for name in used]
    start, returned = "", ""
    if len(used) == 1:
        start, returned = f"const {pairs[0][1]} = ", f"\nreturn {used[0]};"
    elif used:
        pattern = ", ".join(name if name == known else f"{name}: {known}" for name, known in pairs)
        start, returned = f"const {{ {pattern} }} = ", f"\nreturn {{ {', '.join(used)} }};"
    return f"{start}(() => {{\n{own}{module.body}{returned}\n}})();\n"


def joined_modules(entry: Path) -> str:
    """Return a module with every module that it imports, apart from libraries.

    Modules that are imported while the page runs, with `import(…)`, stay in their own files. Raises
    Problem if modules import each other, or if they export in an unusual way.
    """
    path = entry.resolve()
    result = _Bundle(path.parent, path.parent.parent / "vendor")
    result.add(path)
    return result.text()
