"""One box over the whole register."""

from django.http import HttpResponse

from ..forms import SearchForm
from ..models import Source
from ..progress import find
from .listing import page_of, render_list
from .time import TimedRequest, in_time

FIRST = 5


@in_time
def search(request: TimedRequest) -> HttpResponse:
    """What is found, kind by kind; notes of staff only for those who may read them."""
    form, when = SearchForm(request.GET), request.when
    wanted = form.wanted()
    asked, kind = wanted.get("q", ""), wanted.get("kind", "")
    notes = request.user.has_perm("measures.view_journalnote")
    found = find(asked, when.day, when.known, notes=notes)
    chosen = next((each for each in found if each.noun == kind), None)
    context = {
        "asked": asked,
        "found": found,
        "total": sum(len(each) for each in found),
        "is_cut": any(each.is_cut for each in found),
        "chosen": chosen,
        "several": Source.objects.count() > 1,
    }
    if chosen:
        context["page"] = page_of(request, chosen)
    else:
        context["first"] = [(each, each[:FIRST], max(0, len(each) - FIRST)) for each in found]
    return render_list(request, "measures/search.html", form, context)
