"""The section of the paper's report on the response coefficients behind Fig. 2."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from ..plots import momentum_figure, residual_figure, temperature_figure, wave_vector_figure
from .model import FigureItem, Section
from .text import number_text

__all__ = ["response_section"]

_TEMPERATURE = (
    "(a) γ and (b) β against temperature with the gap of BCS, Δ(0)/μ = 0.01. Symbols: derivatives of the grand "
    "potential; curves in (a): closed form for Δ, Δ_R ≪ μ; lines in (b) join symbols."
)
_WAVE_VECTOR = (
    "γ where the electric field varies with wave vector q in a uniform exchange field, ξ0 = v_F/πΔ, Δ/μ = 0.03. "
    "Symbols: loops of Green functions; curves: closed form for q v_F ≪ μ. An edge sharper than ξ0 acts smeared."
)
_RESIDUALS = (
    "Exact current over the linear one, minus 1, at Δ/μ = 0.01, Δ_R/Δ = 22, T = Δ/10. Above the line the state is "
    "gapless at T = 0."
)
_MOMENTUM = (
    "The γ current in momentum space at Δ/μ = 0.05, T = 0: it comes from the states between the two Fermi contours "
    "(dashed); Cooper pairing removes the opposite current of the contours themselves."
)


def response_section(data: Mapping[str, xr.Dataset]) -> Section:
    """γ(T), β(T), γ(q), the limits of linear response, and where in momentum space the current comes from."""
    heat, waves = data["response-temperature"], data["response-wave-vector"]
    largest = heat.isel(splitting=-1)
    worst = [number_text(float(data.error.max()), 1) for data in (heat, waves)]
    text = (
        f"At Δ_R/Δ(0) = {number_text(float(largest.splitting), 2)} and the lowest temperature shown, −2πγ/e²λm is "
        f"{number_text(float(largest.gamma[0]), 3)} and 4πβ/e is {number_text(float(largest.beta[0]), 3)}; both "
        "vanish with the gap. For Δ ≪ Δ_R the latter tends to 1 whatever the spin-orbit strength, where App. G "
        "estimates (m w_z/k_F)². Linear response needs w_∥ ≪ w_z, b_z ≪ Δ_R and a state that keeps a gap; b_z may "
        f"exceed Δ. Largest error estimates: {worst[0]} of e²λm/2π in γ(T), {worst[1]} in γ(q)."
    )
    figures = [
        FigureItem(temperature_figure(heat), _TEMPERATURE, "Gamma and beta against temperature."),
        FigureItem(wave_vector_figure(waves), _WAVE_VECTOR, "Gamma against wave vector, log-log."),
        FigureItem(
            residual_figure(data["response-strong-fields"]),
            _RESIDUALS,
            "Map of exact over linear current against the two fields.",
        ),
        FigureItem(
            momentum_figure(data["response-momentum"]),
            _MOMENTUM,
            "Two Fermi contours with the current between.",
        ),
    ]
    return Section("The coefficients behind it", [text], figures)
