"""Pictures of progress: plain numbers that a template draws, and files that stand alone.

On a page an SVG takes its colours from the stylesheet by class. A slide is a whole SVG file with a
plain stylesheet of its own, which `png` turns into a picture.
"""

from .area import Band, Chart, Tick, trend
from .embeds import badge, embedded_ladder
from .flow import Flows, Node, Strand, flow
from .ladder import Step, ladder
from .palette import DARK, LIGHT, SCHEMES
from .picture import SLIDE, png
from .slides import slide_of_ladders, slide_of_trend
from .words import day_of, told

__all__ = [
    "DARK",
    "LIGHT",
    "SCHEMES",
    "SLIDE",
    "Band",
    "Chart",
    "Flows",
    "Node",
    "Step",
    "Strand",
    "Tick",
    "badge",
    "day_of",
    "embedded_ladder",
    "flow",
    "ladder",
    "png",
    "slide_of_ladders",
    "slide_of_trend",
    "told",
    "trend",
]
