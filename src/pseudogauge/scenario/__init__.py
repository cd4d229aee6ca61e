"""The scenario: a user's own numbers in practical units, read from TOML and validated before any work.

Every value may be written plainly (``penetration_depth = "0.7 µm"``) or with its origin
(``penetration_depth = {value = "0.7 µm", status = "assumed", source = "…"}``); the origins travel with the
results.
"""

from .loading import ScenarioError, find_scenario, load_scenario, parse_scenario
from .model import Scenario, field_table

__all__ = ["Scenario", "ScenarioError", "field_table", "find_scenario", "load_scenario", "parse_scenario"]
