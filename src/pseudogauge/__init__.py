"""pseudogauge: superconductors with spin-orbit coupling and charged magnetic inclusions.

The facade (listed in ``__init__.pyi``) loads each stage on first use, so that ``import pseudogauge`` is fast.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
