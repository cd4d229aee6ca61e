"""Magnetoelectric response of the uniform Rashba superconductor, ħ = k_B = e = 1.

The exact current, the response coefficients from derivatives of the grand potential, and closed forms.
"""

from __future__ import annotations

from .bands import Bands, InPlaneVertex, kinetic_vertex, spin_operators
from .closed_forms import (
    alpha_zero_temperature,
    bcs_gap,
    beta_zero_temperature,
    current_zero_temperature,
    gamma_thermal,
    gamma_zero_temperature,
    interband_function,
    moment_ratio,
    spin_susceptibility_thermal,
    stiffness_clean,
    yosida,
)
from .derivatives import Eigenbasis, grand_potential_derivative
from .edge_kernel import EdgeKernel, edge_kernel
from .exact_current import Current, exact_current
from .finite_q import KernelQ, beta_q, current_kernel_q
from .form_factor import ResponseKernel, gamma_q_thermal, quasiclassical_kernel, response_kernel
from .lattice_current import lattice_current
from .lattice_response import LatticeResponse, lattice_response
from .nambu import LatticeSuperconductor, Pairing, singlet, triplet
from .normal_state import NormalStateTerms, normal_state_terms
from .quartic import QuarticCoefficients, QuarticRashba, quartic_coefficients
from .rashba import RashbaSuperconductor
from .ready_models import TANTALUM_DISELENIDE, square_rashba, tantalum_diselenide, two_layers
from .response import ResponseCoefficients, response_coefficients
from .second_order import KernelQ1Q2, gamma_q, gamma_q1q2, third_response
from .spectrum import (
    DensityOfStates,
    Spectrum,
    SpinDensity,
    density_of_states,
    excitation_gap,
    spectrum,
    spin_density,
)
from .tight_binding import TightBinding
from .validity import LinearResponseError, gapless_exchange, linear_response_error, saturation
from .wannier90 import WannierModel, read_wannier90

__all__ = [
    "TANTALUM_DISELENIDE",
    "Bands",
    "Current",
    "DensityOfStates",
    "EdgeKernel",
    "Eigenbasis",
    "InPlaneVertex",
    "KernelQ",
    "KernelQ1Q2",
    "LatticeResponse",
    "LatticeSuperconductor",
    "LinearResponseError",
    "NormalStateTerms",
    "Pairing",
    "QuarticCoefficients",
    "QuarticRashba",
    "RashbaSuperconductor",
    "ResponseCoefficients",
    "ResponseKernel",
    "Spectrum",
    "SpinDensity",
    "TightBinding",
    "WannierModel",
    "alpha_zero_temperature",
    "bcs_gap",
    "beta_q",
    "beta_zero_temperature",
    "current_kernel_q",
    "current_zero_temperature",
    "density_of_states",
    "edge_kernel",
    "exact_current",
    "excitation_gap",
    "gamma_q",
    "gamma_q1q2",
    "gamma_q_thermal",
    "gamma_thermal",
    "gamma_zero_temperature",
    "gapless_exchange",
    "grand_potential_derivative",
    "interband_function",
    "kinetic_vertex",
    "lattice_current",
    "lattice_response",
    "linear_response_error",
    "moment_ratio",
    "normal_state_terms",
    "quartic_coefficients",
    "quasiclassical_kernel",
    "read_wannier90",
    "response_coefficients",
    "response_kernel",
    "saturation",
    "singlet",
    "spectrum",
    "spin_density",
    "spin_operators",
    "spin_susceptibility_thermal",
    "square_rashba",
    "stiffness_clean",
    "tantalum_diselenide",
    "third_response",
    "triplet",
    "two_layers",
    "yosida",
]
