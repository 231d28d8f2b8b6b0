"""The words of the method, each with its name and meaning in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.functional import lazy
from django.utils.translation import get_language


def readers_language() -> str:
    """The language of whoever what is being made is for: en or zh."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def reads_chinese() -> bool:
    """Whether that is Chinese."""
    return readers_language() == "zh"


def in_the_readers_language(en: str, zh: str) -> str:
    """The English or the Chinese text, as the reader's language asks."""
    return zh if reads_chinese() else en


_later = lazy(in_the_readers_language, str)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the method: the slug that is stored, its name and its meaning, en and zh."""

    slug: str
    en: str
    zh: str
    means: str = ""
    means_zh: str = ""

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_the_readers_language(self.en, self.zh)

    @property
    def meaning(self) -> str:
        """What it means, in the reader's language."""
        return in_the_readers_language(self.means, self.means_zh)

    def __str__(self) -> str:
        return self.label


AnyTerm = TypeVar("AnyTerm", bound=Term)


def by_slug(*terms: AnyTerm) -> dict[str, AnyTerm]:
    """The terms by their slugs, in the order given."""
    return {term.slug: term for term in terms}


def choices(terms: Mapping[str, Term]) -> list[tuple[str, Any]]:
    """Pairs of stored slug and name in the language of whoever reads it later."""
    return [(term.slug, _later(term.en, term.zh)) for term in terms.values()]


def numbered(terms: Mapping[int, "Tier"]) -> list[tuple[int, Any]]:
    """The same for tiers, each name after its number."""
    return [(n, _later(f"{n} {tier.en}", f"{n} {tier.zh}")) for n, tier in terms.items()]


def intervals(terms: Mapping[int, Term]) -> list[tuple[int, Any]]:
    """The same for terms that are stored as a number of days."""
    return [(n, _later(term.en, term.zh)) for n, term in terms.items()]


CONFIDENCES = by_slug(
    Term(
        "high",
        "High",
        "高",
        "The binding text itself, or two independent sources of tier 1-2, none contradicting.",
        "有约束力的文本本身，或两个相互独立且不矛盾的一、二级来源。",
    ),
    Term(
        "moderate",
        "Moderate",
        "中",
        "Good sources that leave a question open.",
        "来源可靠，但仍有未决之处。",
    ),
    Term(
        "low",
        "Low",
        "低",
        "Few, indirect or conflicting sources.",
        "来源较少、间接或相互冲突。",
    ),
)


@dataclass(frozen=True, slots=True)
class Tier:
    """How near a source stands to the fact: 1 is nearest."""

    number: int
    en: str
    zh: str

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_the_readers_language(self.en, self.zh)


TIERS = {
    tier.number: tier
    for tier in (
        Tier(1, "Binding text or official record", "有约束力的文本或官方记录"),
        Tier(2, "Official data, or a report with a method", "官方数据，或载明方法的报告"),
        Tier(
            3,
            "Official statement, or state media on own performance",
            "官方表态，或官方媒体对自身工作的报道",
        ),
        Tier(
            4,
            "Independent research, published cases, chambers of commerce",
            "独立研究、公开案例、商会",
        ),
        Tier(5, "Press and blogs", "报刊和博客"),
    )
}
OWN_WORD_TIER = 3  # The issuer's own word on its performance: alone, it never bears High.
DOCUMENTARY_TIER = 2  # Implemented and Sustained rest on a source of this tier or nearer.

STAGES = by_slug(
    Term("drafted", "Drafted", "起草"),
    Term("consulted", "Consulted on", "征求意见"),
    Term("adopted", "Adopted", "通过或发布"),
    Term("in-force", "In force", "生效"),
    Term("applied", "Applied", "适用"),
)
PREPARATORY_STAGES = ("drafted", "consulted")
LEGISLATIVE_STAGES = (*PREPARATORY_STAGES, "adopted", "in-force")

# The ladder of a law, told by the stage of each document and by its kind.
LAW_STAGES = by_slug(
    Term("planned", "Planned", "列入规划"),
    Term("drafted", "Draft", "草案"),
    Term("consulted", "Readings and comments", "审议和征求意见"),
    Term("adopted", "Adopted", "通过"),
    Term("in-force", "In force", "生效"),
    Term("rules-in-force", "Rules in force", "配套规定生效"),
)
IMPLEMENTING_KINDS = ("regulation", "judicial-interpretation", "departmental-rule")

BEARINGS = by_slug(
    Term(
        "supports",
        "Supports",
        "支持",
        "Shows the measure being carried out.",
        "表明该措施正在落实。",
    ),
    Term(
        "contradicts",
        "Contradicts",
        "相反",
        "Shows the measure missing, undone or going wrong.",
        "表明该措施缺失、落空或走偏。",
    ),
    Term(
        "context",
        "Context",
        "背景",
        "Bears on the measure without meeting or missing its criteria.",
        "与该措施有关，但不构成达到或未达到标准的证据。",
    ),
)

KINDS = by_slug(
    Term("plan", "Plan", "规划"),
    Term("legislation", "Legislation", "立法"),
    Term("judicial", "Judicial", "司法"),
    Term("enforcement", "Enforcement", "执法"),
    Term("institution", "Institution", "机制"),
    Term("capacity", "Capacity", "能力建设"),
    Term("international", "International", "国际"),
    Term("security", "Security", "安全"),
)

LAW = "legislation"

NATURES = by_slug(
    Term(
        "deliverable",
        "Deliverable",
        "成果型",
        "A defined output, so it can be completed.",
        "有明确成果，可以完成。",
    ),
    Term(
        "continuing",
        "Continuing",
        "持续型",
        "Open-ended effort, judged by its latest evidence.",
        "没有终点的工作，按最新证据判断。",
    ),
)

BASELINES = by_slug(
    Term(
        "new",
        "New",
        "新提出",
        "Nothing of it stood on the day of the source.",
        "讲话当日尚无任何基础。",
    ),
    Term(
        "under-way",
        "Under way",
        "已在进行",
        "Work had begun before the day of the source.",
        "讲话之前工作已经开始。",
    ),
    Term(
        "already-done",
        "Already done",
        "已经完成",
        "The criteria were already met on the day of the source.",
        "讲话当日已达到标准。",
    ),
)

VERIFIABILITIES = by_slug(
    Term(
        "testable",
        "Testable",
        "可检验",
        "The criteria name acts that documents can show.",
        "标准所列行为可由文件证明。",
    ),
    Term(
        "proxy",
        "By proxy",
        "间接检验",
        "The criteria use signs that stand for the goal.",
        "标准以替代性指标衡量目标。",
    ),
    Term(
        "untestable",
        "Untestable",
        "不可检验",
        "The wording gives nothing to test.",
        "措辞没有可检验的内容。",
    ),
)

SCHEDULES = by_slug(
    Term(
        "none-stated",
        "None stated",
        "未载明期限",
        "The source states no day; words such as “promptly” are kept as said.",
        "来源未载明日期；“抓紧”等表述照录。",
    ),
    Term(
        "not-due",
        "Not due",
        "未到期",
        "The stated day is more than 90 days away.",
        "距载明日期超过90天。",
    ),
    Term(
        "due-soon",
        "Due soon",
        "即将到期",
        "The stated day is at most 90 days away.",
        "距载明日期不超过90天。",
    ),
    Term(
        "overdue",
        "Overdue",
        "逾期",
        "The stated day has passed, and the measure does not stand as implemented or sustained.",
        "载明日期已过，而该措施当前不属于已落实或持续落实。",
    ),
    Term(
        "met-on-time",
        "Met on time",
        "按期完成",
        "Implemented or sustained by the stated day, and it still stands so.",
        "在载明日期前达到已落实或持续落实，且至今保持。",
    ),
    Term(
        "met-late",
        "Met late",
        "逾期完成",
        "Implemented or sustained after the stated day, and it still stands so.",
        "在载明日期后达到已落实或持续落实，且至今保持。",
    ),
)
DUE_SOON_DAYS = 90

EVIDENCE_KINDS = by_slug(
    Term("law", "Law", "法律"),
    Term("regulation", "Administrative regulation", "行政法规"),
    Term("judicial-interpretation", "Judicial interpretation", "司法解释"),
    Term("departmental-rule", "Departmental rule", "部门规章和规范性文件"),
    Term("plan", "Plan or policy opinion", "规划和政策意见"),
    Term("treaty", "Treaty", "条约"),
    Term("draft", "Draft", "草案"),
    Term("institution", "Institution", "机构和机制"),
    Term("campaign", "Campaign", "专项行动"),
    Term("case", "Case", "案例"),
    Term("statistics", "Statistics or report", "统计和报告"),
    Term("study", "Study", "研究"),
    Term("news", "Statement or news", "发布和新闻"),
)

LANGUAGES = by_slug(Term("en", "English", "英文"), Term("zh", "Chinese", "中文"))

CHECKS = by_slug(
    Term(
        "seen",
        "Seen",
        "已查阅",
        "A stored page or transcription was read.",
        "已阅读存档页面或转录文本。",
    ),
    Term(
        "unverified",
        "Unverified",
        "未核实",
        "Not confirmed by a document that was read.",
        "未经所读文件证实。",
    ),
)

LINK_OUTCOMES = by_slug(
    Term("answers", "Answers", "可访问", "The page is there.", "网页仍在。"),
    Term(
        "moved",
        "Moved",
        "已迁移",
        "The page is there under another address.",
        "网页仍在，但地址已变。",
    ),
    Term(
        "gone",
        "Gone",
        "已消失",
        "The site says that there is no such page, or leads to its front page instead.",
        "网站称该网页不存在，或转到首页。",
    ),
    Term(
        "changed",
        "Changed",
        "内容有变",
        "The page is there, and its words differ from those that were read before.",
        "网页仍在，但文字与此前所读不同。",
    ),
    Term(
        "unreachable",
        "Unreachable",
        "无法连接",
        "The site did not answer, or answered with an error of its own.",
        "网站没有应答，或网站自身出错。",
    ),
    Term(
        "refused",
        "Refused",
        "拒绝访问",
        "The site does not admit programs, or its address is none that we may ask.",
        "网站不允许程序访问，或其地址不可查询。",
    ),
)

PASSAGE_ROLES = by_slug(
    Term("commitments", "Commitments", "承诺"),
    Term("context", "Context", "背景"),
)

# How a baseline finding came about; empty for a finding that people wrote on the desk.
CODINGS = by_slug(
    Term("agree", "Two codings agreed", "两次编码一致"),
    Term("lower-taken", "Two codings differed, the lower was taken", "两次编码不一致，取较低者"),
    Term("adjudicated", "One reading after an audit", "审核后一次判定"),
)

DRAFT_STATES = by_slug(
    Term("writing", "Being written", "撰写中"),
    Term("submitted", "Submitted", "已提交"),
    Term("returned", "Returned", "已退回"),
    Term("approved", "Approved", "已批准"),
    Term("withdrawn", "Withdrawn", "已撤回"),
)
