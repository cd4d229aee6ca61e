"""The page for users runs as printed."""

import doctest
from pathlib import Path


def test_how_to_page():
    page = Path(__file__).parents[2] / "docs" / "how-to" / "microscopic.md"
    options = doctest.NORMALIZE_WHITESPACE
    assert doctest.testfile(str(page), module_relative=False, optionflags=options) == (0, 33)
