"""Who came to which status when, added up: what the figures of today are read from.

`courses` says how one measure went through the statuses and keeps the sums with every change;
`history` makes them anew from the findings, and says where the two differ.
"""

from .courses import added, changed, removed
from .history import differences, rebuild

__all__ = ["added", "changed", "differences", "rebuild", "removed"]
