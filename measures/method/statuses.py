"""The ten statuses, the ladder that they form, and what it means to move on it."""

from dataclasses import dataclass

from .terms import Term, by_slug


@dataclass(frozen=True, slots=True)
class Status(Term):
    """A status. `rung` is its place on the ladder, None beside it; `fill` its disc in quarters."""

    rung: int | None = None
    fill: int = 4
    needs_evidence: bool = True

    @property
    def css(self) -> str:
        """The class that carries colour and shape."""
        return f"is-{self.slug}"

    @property
    def mark(self) -> str:
        """Its shape as one character, where there is only text."""
        return SHAPES.get(self.slug) or DISCS[self.fill]


NO_EVIDENCE, NOT_STARTED, LIMITED, PARTIAL = "no-evidence", "not-started", "limited", "partial"
SUBSTANTIAL, IMPLEMENTED, SUSTAINED = "substantial", "implemented", "sustained"
REVERSED, DROPPED, NOT_ASSESSABLE = "reversed", "dropped", "not-assessable"
NOT_ASSESSED = "not-assessed"

# The disc of a status, by its quarters; what stands beside the ladder has a shape of its own.
DISCS = "○◔◑◕●"
SHAPES = {SUSTAINED: "■", REVERSED: "◆", DROPPED: "◇", NOT_ASSESSABLE: "□", NOT_ASSESSED: "◌"}

# In the order in which ladders, legends and tables show them: furthest first.
STATUSES = by_slug(
    Status(
        IMPLEMENTED,
        "Implemented",
        "已落实",
        "Every criterion met, in force, with evidence that it operates.",
        "各项标准均已达到并生效，且有证据表明其实际运行。",
        rung=4,
    ),
    Status(
        SUSTAINED,
        "Sustained",
        "持续落实",
        "Continuing measures only: activity evidenced within the review period and no contrary "
        "trend; lapses when not renewed.",
        "仅用于持续性措施：复核期内有活动证据且无相反趋势；不续期即失效。",
    ),
    Status(
        SUBSTANTIAL,
        "Substantial",
        "基本落实",
        "All main elements adopted and in effect; minor elements, or proof that it operates, "
        "missing.",
        "主要内容均已通过并生效；尚缺次要内容或实际运行的证明。",
        rung=3,
        fill=3,
    ),
    Status(
        PARTIAL,
        "Partial",
        "部分落实",
        "At least one material element of the criteria adopted and in effect; others outstanding.",
        "标准中至少一项实质内容已通过并生效；其余尚待落实。",
        rung=2,
        fill=2,
    ),
    Status(
        LIMITED,
        "Limited",
        "初步",
        "Intent or preparation only: plan entry, consultation, draft, pilot, bill before its "
        "final vote; nothing binding in force.",
        "仅有意向或准备：列入计划、征求意见、草案、试点、尚未表决的法案；没有具约束力的内容生效。",
        rung=1,
        fill=1,
    ),
    Status(
        NOT_STARTED,
        "Not started",
        "未启动",
        "A source shows that work has not begun.",
        "有来源表明工作尚未开始。",
        rung=0,
        fill=0,
        needs_evidence=False,
    ),
    Status(
        NO_EVIDENCE,
        "No evidence found",
        "未见证据",
        "A documented search up to a stated date found nothing relevant.",
        "截至所述日期的有记录检索未发现相关内容。",
        fill=0,
        needs_evidence=False,
    ),
    Status(
        REVERSED,
        "Reversed",
        "倒退",
        "A later act repeals, contradicts or undoes it.",
        "后来的行为将其废止、与之抵触或使之落空。",
    ),
    Status(
        DROPPED,
        "Dropped",
        "终止",
        "Formally abandoned, or replaced by a named measure.",
        "正式放弃，或由指明的措施取代。",
        needs_evidence=False,
    ),
    Status(
        NOT_ASSESSABLE,
        "Not assessable",
        "无法评估",
        "The wording gives no testable act or outcome; the reason is stated.",
        "措辞未给出可检验的行为或结果；须说明理由。",
        needs_evidence=False,
    ),
)
# The absence of a finding: shown beside the statuses, never stored.
UNASSESSED = Status(NOT_ASSESSED, "Not yet assessed", "尚未评估", fill=0)
SHOWN_STATUSES = {**STATUSES, NOT_ASSESSED: UNASSESSED}

LADDER = tuple(
    sorted(
        (s.slug for s in STATUSES.values() if s.rung is not None),
        key=lambda s: STATUSES[s].rung or 0,
    )
)
ACHIEVED = (IMPLEMENTED, SUSTAINED)
UNDER_WAY = (PARTIAL, LIMITED)
WITHOUT_EVIDENCE = tuple(s.slug for s in STATUSES.values() if not s.needs_evidence)


def direction(before: str | None, after: str) -> int:
    """1 if `after` is further than `before`, -1 if less far, 0 if neither can be said.

    Sustained stands level with Implemented, No evidence found with Not started; Reversed and
    Dropped are below the ladder.
    """
    ranks = {s.slug: s.rung for s in STATUSES.values() if s.rung is not None}
    ranks |= {SUSTAINED: ranks[IMPLEMENTED], NO_EVIDENCE: 0, REVERSED: -1, DROPPED: -1}
    if before not in ranks or after not in ranks:
        return 0
    return (ranks[after] > ranks[before]) - (ranks[after] < ranks[before])
