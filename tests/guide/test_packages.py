"""Record the Debian packages that the guide installs, and remove only those."""

from pathlib import Path

import pytest

from guide import Problem
from guide.machine import debian
from guide.start import packages


class Apt:
    """A fake apt. `needed_by` maps each installed package to the packages that need it."""

    def __init__(self, needed_by: dict[str, set[str]]) -> None:
        self.needed_by = needed_by
        self.removed: list[str] = []

    def installed(self) -> set[str]:
        return {*self.needed_by} - {*self.removed}

    def apt_get(self, *arguments: str, failing: str) -> str:
        names = [name for name in arguments if name in self.needed_by]
        if "--simulate" not in arguments:
            self.removed += names
        all_names = {*names}.union(*(self.needed_by[name] for name in names))
        return "".join(f"Purg {name}:amd64 [1.0]\n" for name in sorted(all_names))


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apt:
    fake = Apt({"iptables": set(), "libnftnl11": {"iptables"}, "curl": {"git"}, "git": set()})
    monkeypatch.setattr(packages, "installed_packages", fake.installed)
    monkeypatch.setattr(debian, "_apt_get", fake.apt_get)
    monkeypatch.setattr(debian, "cache_dir", lambda: tmp_path)
    return fake


def test_what_is_installed_is_recorded_with_its_dependencies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = {"bash"}
    monkeypatch.setattr(packages, "installed_packages", lambda: {*present})
    with packages.tracked_installs(tmp_path):
        present |= {"iptables", "libnftnl11"}

    def install_half() -> None:
        with packages.tracked_installs(tmp_path):
            present.add("curl")
            raise Problem("apt could not install runc")

    with pytest.raises(Problem):
        install_half()
    assert packages.read_list(tmp_path) == ["curl", "iptables", "libnftnl11"]
    packages.write_list(tmp_path, set())
    assert packages.read_list(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_recorded_packages_are_removed(apt: Apt) -> None:
    assert debian.remove_packages(["iptables", "libnftnl11", "gone"]) == []
    assert apt.removed == ["iptables", "libnftnl11"]


def test_a_package_that_another_one_needs_stays(apt: Apt) -> None:
    assert debian.remove_packages(["curl", "iptables", "libnftnl11"]) == ["curl"]
    assert apt.removed == ["iptables", "libnftnl11"]


def test_nothing_else_is_ever_removed(apt: Apt) -> None:
    assert debian.remove_packages(["libnftnl11"]) == ["libnftnl11"]
    assert apt.removed == []
