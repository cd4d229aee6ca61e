"""Numerical methods and grids, free of physics."""
