"""How cited pages are watched, and how copies of them come about."""

from .terms import Term, by_slug

# Where nobody answers, or says that there is nothing; such a page is asked again after a few days.
SILENT = ("gone", "unreachable")
SILENT_EVERY = 3
# How often the page of a document is looked at: by the number of days.
CHECKED_EVERY = {
    1: Term("1", "Day", "每天"),
    7: Term("7", "Week", "每周"),
    30: Term("30", "30 days", "每30天"),
    90: Term("90", "90 days", "每90天"),
    365: Term("365", "Year", "每年"),
}

COPY_WAYS = by_slug(
    Term("file", "File", "文件", "A file that somebody attached.", "由人员附上的文件。"),
    Term(
        "pasted",
        "Pasted text",
        "粘贴文本",
        "The text of the page, pasted by somebody who read it.",
        "由阅读者粘贴的网页文本。",
    ),
    Term(
        "fetched",
        "Fetched text",
        "抓取文本",
        "The text of the page, as the tracker fetched it.",
        "由本站抓取的网页文本。",
    ),
)
