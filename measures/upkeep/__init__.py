"""What needs an administrator, and whether this installation is sound.

`checks` lists every check once, for the doctor, for `/readyz` and for the first page of the
administration; `machine` and `kept` hold them, `care` counts what waits for people.
"""

from .care import Upkeep, upkeep
from .checks import CHECKS, Line, Part, look
from .outcomes import State

__all__ = ["CHECKS", "Line", "Part", "State", "Upkeep", "look", "upkeep"]
