"""Charged magnetic inclusions, their screened edge fields, and the pseudo-gauge field they make."""

from __future__ import annotations

from .balls import Balls, balls, random_balls
from .lattice import disk_lattice
from .layered_field import LayeredPseudoField, layered_pseudo_field
from .maps import spin_magnetisation
from .nonlocal_field import (
    FormFactor,
    RadialKernel,
    form_factor,
    nonlocal_pseudo_field,
    nonlocal_ring_currents,
)
from .packing import random_disks
from .pseudo_field import DEPAIRING, PseudoField, pseudo_field, uniform_slab
from .rings import Rings, ring_currents
from .screening import Screening, edge_field, screened_potential
from .shapes import Inclusions, disks

__all__ = [
    "DEPAIRING",
    "Balls",
    "FormFactor",
    "Inclusions",
    "LayeredPseudoField",
    "PseudoField",
    "RadialKernel",
    "Rings",
    "Screening",
    "balls",
    "disk_lattice",
    "disks",
    "edge_field",
    "form_factor",
    "layered_pseudo_field",
    "nonlocal_pseudo_field",
    "nonlocal_ring_currents",
    "pseudo_field",
    "random_balls",
    "random_disks",
    "ring_currents",
    "screened_potential",
    "spin_magnetisation",
    "uniform_slab",
]
