"""An SVG that stands alone as a PNG, written in a font of our own."""

from pathlib import Path

import resvg_py

# Width and height of a slide, in pixels.
SLIDE = (1920, 1080)
FONT = Path(__file__).parents[1] / "fonts" / "NotoSansCJKsc-Tracker.otf"
FAMILY = "Noto Sans CJK SC"


def png(svg: str, *, zoom: float = 1) -> bytes:
    """The picture of an SVG file, `zoom` times its size; no font of the machine is used.

    Raises ValueError where the text is no SVG.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            font_files=[str(FONT)],
            skip_system_fonts=True,
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )
