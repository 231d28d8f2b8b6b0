"""The words that a reader meets, each explained where it appears first."""

from .terms import Term, by_slug

WORDS = by_slug(
    Term(
        "finding",
        "Finding",
        "判定",
        "One immutable record: which status, how sure, why, on what evidence, since when, written "
        "by one person and approved by another. The latest one tells the status.",
        "一条不可更改的记录：状态、把握程度、理由、证据、自何时起；一人撰写，另一人批准。"
        "最近的一项决定现在的状态。",
    ),
    Term(
        "ladder",
        "The ladder",
        "进度阶梯",
        "Not started, limited, partial, substantial, implemented: five ordered steps. The disc "
        "fills and the colour grows darker with each. Other statuses stand beside it.",
        "未启动、初步、部分落实、基本落实、已落实，依次五级；圆盘逐级填满，颜色逐级加深。"
        "其他状态列在阶梯之外。",
    ),
    Term(
        "as-of",
        "As of, as known on",
        "截至与所知",
        "“As of” is the day in the world that you ask about. “As known on” leaves out what was "
        "recorded after that day.",
        "“截至”指所问的现实日期；“以……所知为准”略去该日之后才记入的内容。",
    ),
    Term(
        "criteria",
        "Criteria",
        "标准",
        "What must be true for the commitment to count as implemented. Written before any evidence "
        "is judged.",
        "承诺达到什么条件才算已落实。标准先于证据写成。",
    ),
    Term(
        "evidence",
        "Evidence",
        "证据",
        "A document in the world: a law, an interpretation, a plan, a statistic. It may bear on "
        "many measures.",
        "现实中的文件：法律、司法解释、规划、统计等。同一文件可用于多项措施。",
    ),
    Term(
        "tier",
        "Tier",
        "来源等级",
        "How near a source stands to the fact: 1 is the binding text or the official record, "
        "5 is press and blogs.",
        "来源距事实的远近：一级为有约束力的文本或官方记录，五级为报刊和博客。",
    ),
    Term(
        "bearing",
        "Bearing",
        "证据指向",
        "Whether a document supports the measure, contradicts it, or gives context only.",
        "文件对该措施是支持、相反，还是仅为背景。",
    ),
    Term(
        "confidence",
        "Confidence",
        "把握程度",
        "High: the binding text itself, or two independent sources of tier 1 or 2, none "
        "contradicting. Moderate: good sources that leave a question open. Low: few, indirect or "
        "conflicting ones.",
        "高：有约束力的文本本身，或两个相互独立且不矛盾的一、二级来源。中：来源可靠，但仍有"
        "未决之处。低：来源较少、间接或相互冲突。",
    ),
    Term(
        "effective-day",
        "In effect",
        "生效日期",
        "The day since which it is true in the world. The day on which it was recorded is another "
        "one.",
        "现实中自何日起如此；与记入的日期不同。",
    ),
    Term(
        "baseline",
        "Baseline",
        "基线",
        "The state on the day of the source, judged by the same criteria. Progress is what moved "
        "since.",
        "来源当日的状态，按同样的标准判定。此后的变化才是进展。",
    ),
    Term(
        "schedule",
        "Schedule",
        "时限",
        "Whether a commitment keeps the day that its source states. Being late never changes a "
        "status.",
        "承诺是否遵守来源载明的期限。逾期从不改变状态。",
    ),
    Term(
        "review",
        "Review",
        "复核",
        "The day by which a measure is looked at again. Past it, its finding is shown as overdue "
        "for review.",
        "该措施应再次查看的日期；过期即标明复核逾期。",
    ),
    Term(
        "reasons",
        "Why it moved",
        "变化的原因",
        "The world changed: it took effect between the two days. We learnt more: it was recorded "
        "between them and had taken effect before. Corrected: an earlier finding was wrong.",
        "事实变化：在两个日期之间生效。掌握更多情况：在两者之间记入，而此前已经生效。"
        "更正：先前的判定有误。",
    ),
    Term(
        "draft",
        "Draft",
        "草稿",
        "A proposed finding on its way: being written, handed in, returned or approved. Readers "
        "never see it.",
        "尚在办理的判定：撰写、提交、退回或批准。读者看不到。",
    ),
    Term(
        "four-eyes",
        "Four eyes",
        "双人复核",
        "Author and approver are two people. Nobody approves their own draft.",
        "撰写人与批准人为两人，任何人不得批准自己的草稿。",
    ),
    Term(
        "late-record",
        "Late record",
        "补记",
        "It took effect before the latest finding, and we learnt of it only now.",
        "其生效早于最近一项判定，而现在才得知。",
    ),
    Term(
        "rules",
        "Rules",
        "规则",
        "What a draft must satisfy before it enters the record, checked while you write.",
        "草稿记入之前必须满足的条件，撰写时逐条检查。",
    ),
)
