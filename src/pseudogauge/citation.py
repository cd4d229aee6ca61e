"""How to cite the software and the theory it implements."""

from . import __version__

__all__ = ["citation"]


def citation() -> str:
    """BibTeX entries of the software and the paper."""
    return f"""@software{{pseudogauge,
  title   = {{pseudogauge: superconductors with spin-orbit coupling and charged magnetic inclusions}},
  author  = {{{{The pseudogauge developers}}}},
  version = {{{__version__}}},
}}

@article{{levitan2025anomalous,
  title   = {{Anomalous currents and spontaneous vortices in spin-orbit coupled superconductors}},
  author  = {{Levitan, Benjamin A. and Oreg, Yuval and Berg, Erez}},
  journal = {{npj Quantum Materials}},
  year    = {{2025}},
  doi     = {{10.1038/s41535-025-00773-4}},
  eprint  = {{2412.15203}},
}}"""
