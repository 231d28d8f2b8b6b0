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
    def bearing_term(self) -> method.Term:
        """The bearing as the method defines it."""
        return method.BEARINGS[self.bearing]
