"""The two clients, with an event loop and without: they can do the same, and are asked for it in the same way."""

import inspect
import re
from typing import Any

import pytest

from wherefrom import AsyncWherefrom, Wherefrom


def methods(kind: type) -> dict[str, Any]:
    return {name: value for name, value in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def shown(signature: inspect.Signature) -> str:
    """Return a signature without what an event loop changes in it."""
    return re.sub(r"\bAsync", "", str(signature))


def first_line(method: Any) -> str:
    return (inspect.getdoc(method) or "").partition("\n")[0]


def test_they_have_the_same_methods() -> None:
    assert set(methods(Wherefrom)) == set(methods(AsyncWherefrom))
    assert len(methods(Wherefrom)) > 20


@pytest.mark.parametrize("name", ["__init__", *methods(Wherefrom)])
def test_a_method_is_asked_in_the_same_way(name: str) -> None:
    here, there = (inspect.signature(getattr(kind, name)) for kind in (Wherefrom, AsyncWherefrom))
    assert shown(here) == shown(there)


@pytest.mark.parametrize("name", methods(Wherefrom))
def test_a_method_says_what_it_does_and_waits_with_the_loop(name: str) -> None:
    here, there = getattr(Wherefrom, name), getattr(AsyncWherefrom, name)
    assert inspect.iscoroutinefunction(there) or inspect.isasyncgenfunction(there)
    assert inspect.isgeneratorfunction(here) == inspect.isasyncgenfunction(there)
    assert first_line(here) == first_line(there) != ""


def test_the_comparison_sees_what_differs() -> None:
    assert shown(inspect.signature(Wherefrom.put)) != shown(inspect.signature(Wherefrom.patch))
