from .. import method


class Witness:
    """What a citation and its frozen copy have in common: a stage reached, and a bearing."""

    stage: str
    bearing: str

    @property
    def stage_term(self) -> method.Term:
        """The stage as the method defines it."""
        return method.STAGES[self.stage]

    @property
    def reading(self) -> tuple[int, int]:
        """Stage and bearing, each by its place in the method: what citations are grouped by."""
        return list(method.STAGES).index(self.stage), list(method.BEARINGS).index(self.bearing)

    @property
    def bearing_term(self) -> method.Term:
        """The bearing as the method defines it."""
        return method.BEARINGS[self.bearing]
