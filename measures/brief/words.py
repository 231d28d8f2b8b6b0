"""The fixed words of the brief in both languages, and how it writes days and titles."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from ..charts import day_of
from ..method.terms import in_the_readers_language
from ..text import writable

WORDS: dict[str, tuple[str, str]] = {
    "brief": ("Brief: %(source)s", "进展简报：%(source)s"),
    "period": ("%(first)s to %(last)s", "%(first)s至%(last)s"),
    "limited": ("Limited to: %(parts)s", "范围：%(parts)s"),
    "joint": ("; ", "；"),
    "one": (
        "Of %(total)d commitments, 1 is implemented or sustained on %(last)s; on %(first)s it was "
        "%(before)s.",
        "截至%(last)s，%(total)d项承诺中有1项已落实或持续落实；%(first)s为%(before)s。",
    ),
    "many": (
        "Of %(total)d commitments, %(achieved)s are implemented or sustained on %(last)s; on "
        "%(first)s it was %(before)s.",
        "截至%(last)s，%(total)d项承诺中有%(achieved)s已落实或持续落实；%(first)s为%(before)s。",
    ),
    "number": ("%(number)d", "%(number)d项"),
    "none": ("none", "0项"),
    "moved": (
        "%(number)d moved: %(world)d as the world changed, %(learnt)d as we learnt more, "
        "%(corrected)d corrected.",
        "%(number)d项发生变化：%(world)d项因事实变化，%(learnt)d项因掌握更多情况，"
        "%(corrected)d项为更正。",
    ),
    "counts": ("By status", "按状态"),
    "status": ("Status", "状态"),
    "change": ("Change", "变化"),
    "of": ("%(number)d of %(total)d", "%(number)d／%(total)d"),
    "all": ("Commitments", "承诺总数"),
    "movers": ("What moved", "发生的变化"),
    "measure": ("Commitment", "承诺"),
    "why": ("Why", "原因"),
    "evidence": ("Evidence", "证据"),
    "effective": ("in effect %(day)s", "自%(day)s起"),
    "more": ("and %(number)d more", "另有%(number)d份"),
    "nothing moved": ("No commitment moved in this period.", "本期没有变化。"),
    "world-changed": ("The world changed", "事实变化"),
    "learnt-more": ("We learnt more", "掌握更多情况"),
    "corrected": ("Corrected", "更正"),
    "attention": ("Needs attention", "需要关注"),
    "no concerns": ("Nothing needs attention.", "没有需要关注的事项。"),
    "unassessed": ("not yet assessed", "尚未评估"),
    "stale": ("review overdue by %(days)d days", "复核逾期%(days)d天"),
    "contradicted": ("contradicting evidence is unresolved", "相反证据尚未解决"),
    "unsure": ("low confidence", "把握程度低"),
    "one silent": ("one cited page no longer answers; %(held)s", "1个引用网页已无法访问；%(held)s"),
    "many silent": (
        "%(number)d cited pages no longer answer; %(held)s",
        "%(number)d个引用网页已无法访问；%(held)s",
    ),
    "held none": ("no copy held", "未存副本"),
    "held one": ("copy held", "已存副本"),
    "held all": ("copies held", "均已存副本"),
    "held single": ("1 copy held", "其中1个已存副本"),
    "held some": ("%(number)d copies held", "其中%(number)d个已存副本"),
    "no-criteria": ("no written criteria", "没有书面标准"),
    "weakest": ("Weakest evidence", "证据最薄弱的判断"),
    "no weak": ("No finding rests on little.", "没有证据薄弱的判断。"),
    "own-word": ("rests on statements or reports of tier 3 and beyond alone", "仅有三级及以下来源"),
    "single": ("rests on a single document", "仅有一份文件"),
    "themes": ("By theme", "按主题"),
    "theme": ("Theme", "主题"),
    "achieved": ("Implemented or sustained", "已落实或持续落实"),
    "moves": ("Moved", "变化"),
    "over time": ("Commitments over time", "承诺的历时变化"),
    "ladders": ("Where the commitments stand", "承诺的现状"),
    "about": ("About this brief", "关于本简报"),
    "as of today": ("As of %(day)s, as known today.", "截至%(day)s，以今日所知为准。"),
    "as of": ("As of %(day)s, as known on %(known)s.", "截至%(day)s，以%(known)s所知为准。"),
    "earlier": (
        "The state of %(first)s is told as it was known on %(known)s.",
        "%(first)s的状态以%(known)s所知为准。",
    ),
    "both": ("Both days are told by the same knowledge.", "两日均以同一所知为准。"),
    "head": ("Record %(number)d, head %(hash)s.", "记录第%(number)d条，链首%(hash)s。"),
    "cite": ("How to cite", "引用方式"),
    "method": (
        "Status by the published method; roll-ups are counts with their denominator, and what is "
        "not yet assessed or not assessable is counted, too.",
        "状态依公布的方法判定；汇总为计数并列明分母，尚未评估和无法评估的也计入。",
    ),
    "page": ("Page %(number)s of %(total)s", "第%(number)s页，共%(total)s页"),
}


def say(name: str, **values: Any) -> str:
    """These words in the reader's language."""
    return in_the_readers_language(*WORDS[name]) % values


def in_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return in_the_readers_language("", "zh") == "zh"


def moment_of(moment: datetime | None) -> str:
    """The moment in UTC to the minute; None is now."""
    moment = (moment or timezone.now()).astimezone(UTC)
    return f"{day_of(moment.date())} {moment:%H:%M} UTC"


def told(thing: Any, field: str) -> str:
    """A field in the reader's language, in English where there is no Chinese."""
    return writable((in_chinese() and getattr(thing, f"{field}_zh")) or getattr(thing, field))
