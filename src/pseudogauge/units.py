"""Practical units at the edge, dimensionless numbers inside.

`parse_quantity` reads "0.6 um" or "1 meV" (pint, loaded on first use); `Scales` holds the two lengths
of a superconductor and every Ginzburg-Landau unit that follows from them; `electron_units` holds the
microscopic units (ħ = k_B = 1, energies in meV, lengths in nm).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from scipy import constants

from .errors import InputError, require

__all__ = [
    "AMPERE_PER_MEV",
    "BOHR_MAGNETON_MEV",
    "FLUX_QUANTUM",
    "INVERSE_MASS",
    "KELVIN",
    "MU0",
    "Scales",
    "parse_quantity",
]

FLUX_QUANTUM = constants.h / (2 * constants.e)
"""Φ0 = h/2e in Wb."""
MU0 = constants.mu_0
KELVIN = constants.k / constants.e * 1e3
"""k_B in meV/K."""
INVERSE_MASS = constants.hbar**2 / constants.m_e / constants.e * 1e3 * 1e18
"""ħ²/m_e in meV nm²; a band mass m* is m*/m_e/INVERSE_MASS in units of 1/(meV nm²)."""
AMPERE_PER_MEV = constants.e * 1e-3 * constants.e / constants.hbar
"""(e/ħ) × 1 meV in A: microscopic currents in units of e·meV/ħ become amperes."""
BOHR_MAGNETON_MEV = constants.physical_constants["Bohr magneton in eV/T"][0] * 1e3
"""μ_B in meV/T."""


_NUMBER = r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf)"
_UNIT = r"[^\W\d]+(?:(?:\^|\*\*)-?\d|[²³])?"
_QUANTITY = re.compile(rf"{_NUMBER}\s*(?:(?:1?\s*/\s*)?{_UNIT}(?:\s*[*/·]\s*{_UNIT}|\s+{_UNIT})*)?")
"""A number and perhaps a unit. Anything else pint would evaluate: "9**9 nm", or "1,5 nm" as 15 nm."""


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


def parse_quantity(text: str | float, unit: str, name: str = "value") -> float:
    """Read a quantity such as ``"0.6 µm"`` and return its magnitude in ``unit``.

    A bare number is refused unless ``unit`` is dimensionless: a length without a unit is a guess.

    Raises `InputError` for text that is no quantity and for the wrong dimension.

    >>> round(parse_quantity("0.6 µm", "nm"), 6)
    600.0
    >>> parse_quantity("3 kg", "nm", name="penetration_depth")
    Traceback (most recent call last):
    ...
    pseudogauge.errors.InputError: penetration_depth = 3 kg is not allowed: it must be a quantity
    convertible to nm. Write it with a unit, for example "1 nm".
    """
    registry = _registry()
    dimensionless = registry.Unit(unit).dimensionless
    allowed = "a number" if dimensionless else f"a quantity convertible to {unit}"
    fix = "" if dimensionless else f'write it with a unit, for example "1 {unit}"'
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise InputError(name, text, allowed, fix)
    if isinstance(text, str) and not _QUANTITY.fullmatch(text.strip()):
        raise InputError(name, text, allowed, "use a decimal point, not a comma" if "," in text else fix)
    try:
        value = float(registry.Quantity(text).to(unit).magnitude)
    except Exception as error:  # pint's tokenizer lets many unrelated exception types through
        raise InputError(name, text, allowed, fix) from error
    require(math.isfinite(value), name, text, "finite", fix)
    return value


@dataclass(frozen=True)
class Scales:
    """The Ginzburg-Landau units of a superconductor (lengths in metres, fields in tesla).

    Dimensionless quantities are lengths in ξ, vector potentials in Φ0/2πξ, fields in
    H_c2 = Φ0/2πξ², energies per length in B_c²ξ²/μ0 = Φ0²/8π²μ0λ², current densities in
    Φ0/2πμ0λ²ξ, so that κ² ∇×b = j.

    >>> scales = Scales(coherence_length=18e-9, penetration_depth=0.7e-6)
    >>> round(scales.kappa, 3), round(scales.upper_critical_field, 4)
    (38.889, 1.0158)
    """

    coherence_length: float
    penetration_depth: float

    def __post_init__(self) -> None:
        for name in ("coherence_length", "penetration_depth"):
            value = getattr(self, name)
            require(value > 0 and math.isfinite(value), name, value, "a positive length in metres")

    @property
    def kappa(self) -> float:
        """κ = λ/ξ."""
        return self.penetration_depth / self.coherence_length

    @property
    def upper_critical_field(self) -> float:
        """H_c2 = Φ0/2πξ² in T: the unit of field."""
        return FLUX_QUANTUM / (2 * math.pi * self.coherence_length**2)

    @property
    def thermodynamic_field(self) -> float:
        """B_c = Φ0/(2√2 π λ ξ) in T."""
        return self.upper_critical_field / (math.sqrt(2) * self.kappa)

    @property
    def lower_critical_field(self) -> float:
        """H_c1 in T, from Brandt's fit to the Ginzburg-Landau solution (PRB 68, 054506), κ > 0.75."""
        log = math.log(self.kappa)
        core = 0.49693 + math.exp(-0.41477 - 0.775 * log - 0.1303 * log**2)
        return self.upper_critical_field * (log + core) / (2 * self.kappa**2)

    @property
    def energy_per_length(self) -> float:
        """Φ0²/8π²μ0λ² in J/m: the unit of energy of a 2D (z-uniform) problem."""
        return FLUX_QUANTUM**2 / (8 * math.pi**2 * MU0 * self.penetration_depth**2)

    @property
    def current_density(self) -> float:
        """Φ0/2πμ0λ²ξ in A/m²: the unit of current density."""
        return FLUX_QUANTUM / (2 * math.pi * MU0 * self.penetration_depth**2 * self.coherence_length)

    def __str__(self) -> str:
        rows = [
            ("coherence length ξ", f"{self.coherence_length * 1e9:.4g} nm"),
            ("penetration depth λ", f"{self.penetration_depth * 1e9:.4g} nm"),
            ("κ = λ/ξ", f"{self.kappa:.4g}"),
            ("H_c2 = Φ0/2πξ²", f"{self.upper_critical_field * 1e3:.4g} mT"),
            ("B_c", f"{self.thermodynamic_field * 1e3:.4g} mT"),
            ("H_c1", f"{self.lower_critical_field * 1e3:.4g} mT"),
            ("energy per length", f"{self.energy_per_length:.4g} J/m"),
            ("current density", f"{self.current_density:.4g} A/m²"),
        ]
        return "\n".join(f"{name:<22}{value}" for name, value in rows)
