"""From the field inside a superconductor to the picture a scanning SQUID takes above it."""

from __future__ import annotations

from .squid import SquidLoop, milli_flux_quanta, squid_image
from .stray_field import magnetised_slab_field, moment_sheet_field, slab_transfer, stray_field
from .vortex import pearl_vortex_field, vortex_field

__all__ = [
    "SquidLoop",
    "magnetised_slab_field",
    "milli_flux_quanta",
    "moment_sheet_field",
    "pearl_vortex_field",
    "slab_transfer",
    "squid_image",
    "stray_field",
    "vortex_field",
]
