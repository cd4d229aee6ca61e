"""The validated scenario: sections, units and defaults of a user's own numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from ..units import Scales, parse_quantity
from .quantities import (
    ElectricField,
    Energy,
    Length,
    LengthOrZero,
    MagneticField,
    Mass,
    Position,
    PositiveEnergy,
    Quantity,
    Temperature,
    Voltage,
    Wavevector,
)

__all__ = ["SECTIONS", "Scenario", "field_table", "unit_of"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Material(_Section):
    """The superconductor as Ginzburg-Landau theory sees it, at the temperature of the run."""

    penetration_depth: Length = Field(description="λ_ab, in-plane London penetration depth")
    coherence_length: Length = Field(description="ξ_ab, in-plane Ginzburg-Landau coherence length")
    critical_temperature: Temperature = Field(description="T_c")
    layer_spacing: Length = Field(description="distance s between superconducting layers")
    temperature: Temperature = Field(default=0.0, description="temperature of the run")


class Electrons(_Section):
    """The two-dimensional Rashba superconductor of one layer [LOB Eq. 14]."""

    effective_mass: Mass = Field(default=1.0, description="band mass m*")
    fermi_wavevector: Wavevector = Field(description="k_F without spin-orbit coupling")
    rashba_energy: PositiveEnergy = Field(description="Δ_R = |λe𝓔^z| k_F")
    vertical_field: ElectricField = Field(description="𝓔^z, which with Δ_R fixes λ")
    gap: PositiveEnergy | None = Field(
        None, description="Δ; the BCS value at the run's temperature if absent"
    )


class InclusionSettings(_Section):
    """The charged magnetic inclusions [LOB Sec. II and App. A]."""

    arrangement: Literal["random", "square", "triangular", "list", "uniform", "none"] = Field(
        "random", description="where they are; uniform: one inclusion that fills the open sample"
    )
    radius: Length | None = Field(None, description="radius R of the charged disk")
    edge_width: Length | None = Field(None, description="width d of the edge that carries 𝓔_∥")
    exchange: Energy = Field(default=1.0, description="exchange field b_z inside")
    potential: Voltage = Field(default=0.1, description="potential drop V_∥ across the edge")
    exchange_overhang: LengthOrZero | None = Field(
        None, description="how far b_z reaches beyond the charge edge; default d"
    )
    screening_length: LengthOrZero = Field(default=0.5, description="Thomas-Fermi length 1/k_TF")
    filling: float | None = Field(None, gt=0, lt=0.9, description="area fraction (random and lattices)")
    count: int | None = Field(None, ge=1, description="number of inclusions, instead of filling")
    size_spread: float = Field(0.0, ge=0, le=1, description="relative standard deviation of R (random)")
    min_gap: LengthOrZero | None = Field(
        None, description="least edge-to-edge distance (random); default twice the overhang"
    )
    positions: tuple[tuple[Position, Position], ...] | None = Field(None, description="centres (list)")
    seed: int = Field(0, ge=0, description="seed of the random arrangement")
    pseudo_magnetisation: MagneticField | None = Field(
        None, description="imposes h̃ inside instead of deriving it from γ b_z V_∥ ('2 mT', '1.5 Hc1')"
    )


class Sample(_Section):
    """The piece of superconductor that is computed, uniform along z."""

    size: tuple[Length, Length] = Field(description="extent along x and y")
    boundary: Literal["periodic", "open"] = Field("periodic", description="periodic cell or free surface")
    spacing: Length | None = Field(None, description="grid spacing; default the finest of ξ/2 and d/3")
    applied_field: MagneticField = Field("0 T", description="H along z, for example '2 mT' or '1.2 Hc1'")


class Search(_Section):
    """How the lowest state is sought."""

    flux_quanta: int | Literal["auto"] = Field(
        "auto", description="flux sector of a periodic cell; auto: search"
    )
    random_starts: int = Field(1, ge=0, le=100, description="random starts in every flux sector compared")
    tolerance: float = Field(1e-8, gt=1e-12, le=1e-3, description="residual of a converged state")
    seed: int = Field(0, ge=0, description="seed of random starts")


class Squid(_Section):
    """The scanning pickup loop."""

    loop_radius: Length = Field(default=500.0, description="radius of the pickup loop")
    height: LengthOrZero = Field(default=500.0, description="height of the loop above the surface")
    thickness: Length | None = Field(None, description="sample thickness; half-infinite if absent")


class Scenario(_Section):
    """A whole run. Lengths in nm, energies in meV, temperatures in K, potentials in V, fields as text."""

    title: str = Field(description="one line that names the run")
    description: str = Field("", description="what the run is for")
    material: Material
    electrons: Electrons
    inclusions: InclusionSettings = InclusionSettings(arrangement="none")
    sample: Sample
    search: Search = Search()
    squid: Squid = Squid()
    origins: dict[str, dict[str, str]] = Field(default_factory=dict, exclude=True)
    text: str = Field("", exclude=True, repr=False)

    @property
    def scales(self) -> Scales:
        """The Ginzburg-Landau units."""
        return Scales(self.material.coherence_length * 1e-9, self.material.penetration_depth * 1e-9)

    @property
    def spacing(self) -> float:
        """Grid spacing in nm that divides the sample into whole cells."""
        wanted = self.sample.spacing
        if wanted is None:
            edge = self.inclusions.edge_width
            wanted = min(self.material.coherence_length / 2, edge / 3 if edge else math.inf)
        return self.sample.size[0] / max(1, math.ceil(self.sample.size[0] / wanted - 1e-9))

    @property
    def shape(self) -> tuple[int, int]:
        """Sites along x and y."""
        return (
            round(self.sample.size[0] / self.spacing),
            max(1, round(self.sample.size[1] / self.spacing)),
        )

    def tesla(self, text: str) -> float:
        """A field setting in tesla ('2 mT', '1.5 Hc1', '0.3 Hc2')."""
        for unit, value in (
            ("Hc1", self.scales.lower_critical_field),
            ("Hc2", self.scales.upper_critical_field),
        ):
            if text.endswith(unit):
                return parse_quantity(text.removesuffix(unit).strip() or "1", "") * value
        return parse_quantity(text, "T")


SECTIONS: dict[str, type[_Section]] = {
    "material": Material,
    "electrons": Electrons,
    "inclusions": InclusionSettings,
    "sample": Sample,
    "search": Search,
    "squid": Squid,
}


def unit_of(info: FieldInfo) -> str:
    """The unit a setting is kept in, or an empty string."""
    return next(
        (item.unit for item in (*info.metadata, *_parts(info.annotation)) if isinstance(item, Quantity)), ""
    )


def _parts(annotation: Any) -> Iterator[Any]:
    """Everything inside an annotation such as ``Length | None`` or ``tuple[Length, Length]``."""
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _default_of(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    return "optional" if info.default is None else str(info.default)


def field_table() -> list[tuple[str, str, str, str]]:
    """Every setting as (name, unit, default or 'required', description), for documentation."""
    return [
        (
            f"{section}.{name}",
            unit_of(info),
            _default_of(info),
            str(info.description),
        )
        for section, model in SECTIONS.items()
        for name, info in model.model_fields.items()
    ]
