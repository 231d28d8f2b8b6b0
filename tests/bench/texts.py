"""The values of made-up rows: what each says, in both languages, the same at every run."""

from functools import lru_cache
from random import Random
from typing import Any

from measures import method

from . import words
from .days import DAYS, LAST, SOURCES
from .stories import Told

# A measure cites an even document (of tier 1 or 2) and an odd one so many places further.
APART = 15
# Nobody else's measure is about it.
ABOUT_THE_RARE = 7


@lru_cache(1000)
def slug(text: str) -> str:
    return text.lower().replace(" ", "-")


def gist(number: int) -> words.Text:
    en, zh = words.THEMES[number % len(words.THEMES)]
    return f"On {en.lower()}: what is to be done, and by whom.", f"关于{zh}：任务与责任。"


def measure(n: int, rng: Random) -> dict[str, Any]:
    """The words of measure `n`; one in twenty is about each topic."""
    verb, topic = words.VERBS[rng.randrange(len(words.VERBS))], words.TOPICS[n % len(words.TOPICS)]
    aim = words.OBJECTS[n // len(words.TOPICS) % len(words.OBJECTS)]
    place = words.PLACES[rng.randrange(len(words.PLACES))]
    rare = words.RARE if n == ABOUT_THE_RARE else ("", "")
    title = f"{verb[0]} {topic[0]} {aim[0]} {place[0]}" + (f", {rare[0]}" if rare[0] else "")
    title_zh = f"{place[1]}{verb[1]}{topic[1]}{aim[1]}{rare[1]}"
    return {
        "short": f"{topic[0]} {aim[0]}"[:40].strip().capitalize(),
        "short_zh": f"{topic[1]}{aim[1]}",
        "title": title,
        "title_zh": title_zh,
        "quotation": f"We will {verb[0].lower()} {topic[0]} {aim[0]} {place[0]}.",
        "done_when": f"Rules on {topic[0]} {aim[0]} are in force {place[0]}, and figures of at "
        "least one year show that they are applied.",
        "done_when_zh": f"{place[1]}的{topic[1]}{aim[1]}规则已生效，且至少一年的数据表明已予适用。",
        "kind": list(method.KINDS)[n % len(method.KINDS)],
        "verifiability": list(method.VERIFIABILITIES)[n % 3],
    }


def key(n: int) -> str:
    return f"document-{n + 1:06d}"


@lru_cache(300_000)
def issued(n: int) -> int:
    """The day, in the calendar: of even documents before the sources, of odd ones at any time."""
    rng = Random(f"issued {n}")
    return rng.randrange(400, min(SOURCES)) if n % 2 == 0 else rng.randrange(400, LAST - 20)


def tier(n: int) -> int:
    return 1 + n // 2 % 2 if n % 2 == 0 else 1 + n // 2 % 5


@lru_cache(50_000)
def _document(n: int) -> dict[str, Any]:
    kinds = list(words.DOCUMENTS)
    kind = kinds[n // 2 % 4 if n % 2 == 0 else n // 2 % len(kinds)]
    topic = words.TOPICS[n // 3 % len(words.TOPICS)]
    aim = words.OBJECTS[n // 7 % len(words.OBJECTS)]
    place = words.PLACES[n // 11 % len(words.PLACES)]
    day = issued(n)
    year = DAYS[day][:4]
    opening, ending = words.DOCUMENTS[kind]
    return {
        "key": key(n),
        "title": f"{opening} {topic[0]} {aim[0]} {place[0]} ({year}, No. {n + 1})",
        "title_zh": f"{place[1]}{topic[1]}{aim[1]}{ending}（{year}年第{n + 1}号）",
        "kind": kind,
        "issuer": words.BODIES[n % len(words.BODIES)][0],
        "issuer_zh": words.BODIES[n % len(words.BODIES)][1],
        "tier": tier(n),
        "document_number": f"知发〔{year}〕{n + 1}号",
        "issued_on": DAYS[day],
        "effective_on": DAYS[day + 30],
        "language": "en" if n % 10 == 9 else "zh",
        "url": f"https://documents.example.org/{year}/{n + 1}",
        "day": day,
    }


def document(n: int) -> dict[str, Any]:
    """The words of document `n`, and under `day` when it was issued."""
    return dict(_document(n))


def citation(n: int, measure: int) -> dict[str, Any]:
    """What document `n` shows of the measure."""
    note, note_zh = words.NOTES[(n + measure) % len(words.NOTES)]
    firm = ("adopted", "in-force", "applied")
    stages = firm if n % 2 == 0 else (*firm, "drafted", "consulted")
    bearings = ("supports",) if n % 2 == 0 else ("supports", "supports", "context", "contradicts")
    return {
        "stage": stages[measure % len(stages)],
        "bearing": bearings[measure // 3 % len(bearings)],
        "note": note,
        "note_zh": note_zh,
        "locator": f"Article {measure % 60 + 1}",
    }


def frozen(n: int, measure: int) -> dict[str, Any]:
    """The document and its citation as a finding keeps them."""
    told = _document(n)
    copied = ("title", "title_zh", "document_number", "issued_on", "url", "tier")
    return {name: told[name] for name in copied} | citation(n, measure)


def cited(told: Told, documents: int) -> list[int]:
    """The documents that a finding rests on, counted from 0."""
    if told.status in method.WITHOUT_EVIDENCE:
        return []
    first = 2 * told.measure % documents
    other = (2 * told.measure + APART) % documents
    both = (told.measure + told.number) % 3 == 0 and issued(other) + 10 < told.at // 86400
    return [first, other] if both else [first]


def finding(told: Told) -> dict[str, Any]:
    """What a finding says."""
    reasons, details = words.REASONS[told.status], words.DETAILS
    en, zh = reasons[told.measure % len(reasons)]
    more, more_zh = details[(told.measure + told.number) % len(details)]
    sure, sure_zh = words.CONFIDENT[told.confidence]
    values = {
        "status": told.status,
        "effective_on": DAYS[told.effective],
        "confidence": told.confidence,
        "confidence_reason": sure,
        "confidence_reason_zh": sure_zh,
        "rationale": f"{en} {more}",
        "rationale_zh": f"{zh}{more_zh}",
    }
    if told.corrects:
        values["correction_reason"] = words.WRONG[told.measure % len(words.WRONG)]
    if told.status == method.NO_EVIDENCE:
        values["search_where"] = "Gazettes and the pages of the bodies named."
        values["search_languages"] = "Chinese, English"
        values["searched_until"] = DAYS[told.at // 86400]
    return values
