"""The manager's brief for a period: its page, and the same as Word and Excel."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override

from .. import brief as briefs
from .. import charts, cite, method
from ..forms import BriefForm, as_of_the_end
from ..models import Source
from ..progress import with_query
from .access import of_source
from .time import TimedRequest, read_time, refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@of_source
def brief(request: TimedRequest, source: Source) -> HttpResponse:
    """What a manager takes into a meeting: where it stands, what moved and why, what is weak."""
    form = _form(request, source)
    found = _gathered(source, form)
    label, lang = ("English", "en") if method.reads_chinese() else ("中文", "zh")
    other = (f"Word · {label}", "brief-word", {"lang": lang})
    context = {
        "source": source,
        "form": form,
        "brief": found,
        "ladder_now": charts.ladder(found.later),
        "ladder_then": charts.ladder(found.earlier),
        "files": [
            (label, with_query(f"{source.address(name)}?{form.query}", asked))
            for label, name, asked in (
                ("Word", "brief-word", {}),
                other,
                ("Excel", "brief-excel", {}),
            )
        ],
    }
    return render(request, "measures/brief.html", context)


@of_source
def brief_word(request: TimedRequest, source: Source) -> HttpResponse:
    """The brief as a Word document, in the language of the page or in that of `?lang=`."""
    form = _form(request, source)
    with override(form.language):
        return _file(request, source, form, "docx")


@of_source
def brief_excel(request: TimedRequest, source: Source) -> HttpResponse:
    """The brief as a workbook."""
    return _file(request, source, _form(request, source), "xlsx")


def _form(request: TimedRequest, source: Source) -> BriefForm:
    """The period and the part asked for; the last day is the day that the page shows."""
    when = read_time(request, source, as_of_the_end(request.GET))
    return BriefForm(request.GET, source, when)


def _gathered(source: Source, form: BriefForm) -> briefs.Brief:
    when = form.when
    return briefs.gather(
        source, form.first, when.day, when.known, themes=form.themes, bodies=form.bodies
    )


def _file(request: TimedRequest, source: Source, form: BriefForm, kind: str) -> HttpResponse:
    """The file; on a page a wrong date is said and another shown, but a file would be mistaken."""
    problems = [*request.time_form.problems, *form.problems]
    if problems:
        return refused(request, problems)
    found, when = _gathered(source, form), form.when
    known = when.known or cite.until(found.head) or timezone.now()
    anchor = cite.Anchor.of(request, when, found.head, known)
    path = f"{source.address('brief')}?{form.query}"
    reference = anchor.reference(cite.title_of("brief", source), path)
    write, content_type = (briefs.document, WORD) if kind == "docx" else (briefs.workbook, EXCEL)
    name = f"ipr-brief-{form.first.isoformat()}-{when.day.isoformat()}.{kind}"
    return HttpResponse(
        write(found, anchor, reference),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
