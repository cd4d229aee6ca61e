"""Errors that tell a user what was given, what is allowed, and what to try."""

from __future__ import annotations

from typing import Any

__all__ = ["InputError", "Interrupted", "PseudogaugeError", "StoreError", "require"]


class PseudogaugeError(Exception):
    """Base of everything this package raises on purpose."""


class InputError(PseudogaugeError, ValueError):
    """A bad input: the message names the value, what is allowed, and the likely fix.

    >>> raise InputError("mass", -1.0, "a positive number", "check the sign")
    Traceback (most recent call last):
    ...
    pseudogauge.errors.InputError: mass = -1.0 is not allowed: it must be a positive number. Check the sign.
    """

    def __init__(self, name: str, value: Any, allowed: str, fix: str = "") -> None:
        self.name, self.value, self.allowed, self.fix = name, value, allowed, fix
        text = f"{name} = {value} is not allowed: it must be {allowed}."
        super().__init__(text + (f" {fix[0].upper()}{fix[1:].rstrip('.')}." if fix else ""))

    def __reduce__(self) -> tuple[Any, ...]:  # worker processes must be able to send it back
        return type(self), (self.name, self.value, self.allowed, self.fix)


class StoreError(PseudogaugeError):
    """A results folder cannot be read or written."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a search for a minimum; ``state`` is what it had reached, to be given as ``start`` later.

    Of several minimisations side by side it is the lowest reached, and ``states`` are those of all, None where one had
    not begun.
    """

    def __init__(self, state: Any, states: tuple[Any, ...] = ()) -> None:
        self.state, self.states = state, states
        super().__init__(f"interrupted: the state reached is in the attribute state, {state!r}")


def require(condition: bool, name: str, value: Any, allowed: str, fix: str = "") -> None:
    """Raise `InputError` unless ``condition`` holds (a NaN makes any comparison, and so this, fail)."""
    if not condition:
        raise InputError(name, value, allowed, fix)
