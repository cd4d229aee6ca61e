"""Magnetoelectric response of the uniform Rashba superconductor, ħ = k_B = e = 1.

The exact current, the response coefficients from derivatives of the grand potential, and closed forms.
"""

from __future__ import annotations

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
from .exact_current import Current, exact_current
from .finite_q import KernelQ, beta_q, current_kernel_q, gamma_q
from .normal_state import NormalStateTerms, normal_state_terms
from .rashba import RashbaSuperconductor
from .response import ResponseCoefficients, response_coefficients

__all__ = [
    "Current",
    "KernelQ",
    "NormalStateTerms",
    "RashbaSuperconductor",
    "ResponseCoefficients",
    "alpha_zero_temperature",
    "bcs_gap",
    "beta_q",
    "beta_zero_temperature",
    "current_kernel_q",
    "current_zero_temperature",
    "exact_current",
    "gamma_q",
    "gamma_thermal",
    "gamma_zero_temperature",
    "interband_function",
    "moment_ratio",
    "normal_state_terms",
    "response_coefficients",
    "spin_susceptibility_thermal",
    "stiffness_clean",
    "yosida",
]
