"""Field types of a scenario: numbers with units, kept in one stated unit each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ..units import parse_quantity

__all__ = [
    "ElectricField",
    "Energy",
    "Length",
    "LengthOrZero",
    "MagneticField",
    "Mass",
    "Position",
    "PositiveEnergy",
    "Quantity",
    "Temperature",
    "Voltage",
    "Wavevector",
]


@dataclass(frozen=True)
class Quantity:
    """Pydantic metadata: text such as ``"0.6 µm"`` becomes a float in ``unit``, above or at ``minimum``."""

    unit: str
    minimum: float = -math.inf
    strict: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def read(self, text: Any) -> float:
        value = parse_quantity(text, self.unit)
        if value < self.minimum or (self.strict and value == self.minimum):
            bound = "above" if self.strict else "at least"
            raise ValueError(f"{text} is not allowed: it must be {bound} {self.minimum:g} {self.unit}")
        return value


Length = Annotated[float, Quantity("nm", 0.0, strict=True)]
LengthOrZero = Annotated[float, Quantity("nm", 0.0)]
Position = Annotated[float, Quantity("nm")]
Energy = Annotated[float, Quantity("meV")]
PositiveEnergy = Annotated[float, Quantity("meV", 0.0, strict=True)]
Temperature = Annotated[float, Quantity("K", 0.0)]
Mass = Annotated[float, Quantity("m_e", 0.0, strict=True)]
Wavevector = Annotated[float, Quantity("1/nm", 0.0, strict=True)]
ElectricField = Annotated[float, Quantity("V/nm", 0.0, strict=True)]
Voltage = Annotated[float, Quantity("V")]


def _magnetic(text: Any) -> str:
    """A field in tesla or in units of a critical field, kept as text until the material is known."""
    if isinstance(text, str):
        for unit in ("Hc1", "Hc2"):
            if text.strip().endswith(unit):
                parse_quantity(text.strip().removesuffix(unit).strip() or "1", "")
                return text.strip()
    parse_quantity(text, "T")
    return str(text)


MagneticField = Annotated[str, BeforeValidator(_magnetic)]
