"""The registry of macros."""

import pytest

from guide.pages import registry


def test_a_macro_has_the_name_of_its_function_or_the_one_given(monkeypatch) -> None:
    monkeypatch.setattr(registry, "MACROS", {})

    @registry.macro
    def one() -> int:
        return 1

    @registry.macro("two")
    def other() -> int:
        return 2

    assert registry.MACROS.items() == {"one": one, "two": other}.items()
    with pytest.raises(ValueError, match="'two'"):
        registry.macro("two")(one)
