"""Numbers and symbols as they are written in print."""

from __future__ import annotations

import math
import re

from markupsafe import Markup, escape

__all__ = ["number_text", "symbols", "without_rounding"]

_NOTHING = 1e-12
_INDEX = re.compile(
    r"((?:(?<![A-Za-z0-9_&#])[A-Za-z]|[^\x00-\x7f\W\d_])\u0303?)"  # one letter, not the end of a plain word
    r"([_^])(clean|between|inside|pair|eff|in|[xyz]{2}|c[12]|[A-Z]{2}|[A-Za-z0-9α-ω]|[∥⊥*])(?![A-Za-z0-9_])"
)
_ZERO = re.compile(r"(?<=[Φμξ])0(?![.\d])")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number_text(value: float, digits: int = 6, scale: float = 0.0) -> str:
    """A number to ``digits`` digits as it is written in print.

    ``scale`` is the size of what was summed or compared to get it: below 1e-12 of that it is rounding, and
    0 is written.

    >>> number_text(-1.5912279e-05), number_text(0.25), number_text(12)
    ('−1.59123 × 10⁻⁵', '0.25', '12')
    >>> number_text(153.2, 2), number_text(1.53e-9, 2), number_text(1.3e-18, scale=1.0)
    ('150', '1.5 × 10⁻⁹', '0')
    """
    if isinstance(value, int):
        return str(value).replace("-", "−")
    if not math.isfinite(value):
        return str(value).replace("-", "−")
    rounded = float(f"{without_rounding(value, scale):.{digits}g}") + 0.0  # no −0
    mantissa, _, power = f"{rounded:.{max(digits, 6)}g}".partition("e")
    text = mantissa.replace("-", "−")
    return f"{text} × 10{str(int(power)).translate(_SUPERSCRIPT)}" if power else text


def without_rounding(value: float, scale: float) -> float:
    """``value``, or 0 if it is below 1e-12 of ``scale``, the size of what was summed to get it.

    >>> without_rounding(1e-16, 3.0), without_rounding(1e-16, 1e-9)
    (0.0, 1e-16)
    """
    return 0.0 if abs(value) < _NOTHING * scale else value


def symbols(text: str) -> Markup:
    """Escaped text in which a one-letter symbol's short index, as in v_F, 𝓔^z or Φ0, is set as one.

    Every match holds a ``_`` or ``^``, which no escaped character does: none is cut.
    """
    return Markup(_ZERO.sub("₀", _INDEX.sub(_set_index, str(escape(text)))))


def _set_index(match: re.Match[str]) -> str:
    symbol, level, index = match.groups()
    tag = "sub" if level == "_" else "sup"
    return f"{symbol}<{tag}>{index}</{tag}>"
