"""The table of contents."""

from django.urls import include, path

from .pages import (
    brief,
    changes,
    cite,
    citing,
    compare,
    desk,
    drafts,
    evidence,
    history,
    journal,
    library,
    measures,
    progress,
    source,
    timeline,
    trend,
)

# The pages of one source: at the root for the default one, under /s/<slug>/ for every one.
of_one_source = [
    path("", progress.progress, name="progress"),
    path("measures/", measures.measure_list, name="measure-list"),
    path("measures/<str:code>/", measures.measure_detail, name="measure-detail"),
    path("measures/<str:code>/drafts/", drafts.draft_create, name="draft-create"),
    path("measures/<str:code>/notes/", journal.note_create, name="note-create"),
    path("measures/<str:code>/care/", measures.measure_care, name="measure-care"),
    path("measures/<str:code>/history/", history.measure_history, name="measure-history"),
    path("compare/", compare.compare, name="compare"),
    path("themes/<slug:slug>/", progress.theme_detail, name="theme-detail"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("bodies/<slug:slug>/", progress.body_detail, name="body-detail"),
    path("brief/", brief.brief, name="brief"),
    path("brief/brief.docx", brief.brief_word, name="brief-word"),
    path("brief/brief.xlsx", brief.brief_excel, name="brief-excel"),
    path("trend/", trend.trend, name="trend"),
    path("trend.<str:kind>", trend.trend_picture, name="trend-picture"),
]

urlpatterns = [
    *of_one_source,
    path("s/<slug:source>/", include((of_one_source, "source"))),
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("evidence/<str:key>/", evidence.evidence_detail, name="evidence-detail"),
    path("evidence/<str:key>/history/", history.evidence_history, name="evidence-history"),
    path(
        "evidence/<str:key>/files/<str:sha256>/",
        library.attachment_download,
        name="attachment-download",
    ),
    path("source/", source.source_list, name="source-list"),
    path("source/<slug:slug>/", source.source_detail, name="source-detail"),
    path("changes/", changes.changes, name="changes"),
    path("desk/", desk.desk, name="desk"),
    path("desk/quality/", desk.desk_quality, name="desk-quality"),
    path("desk/notes/<uuid:uid>/aside/", journal.note_aside, name="note-aside"),
    path("desk/drafts/<uuid:uid>/", drafts.draft_detail, name="draft-detail"),
    path("desk/drafts/<uuid:uid>/review/", drafts.draft_review, name="draft-review"),
    path("desk/drafts/<uuid:uid>/evidence/", citing.draft_evidence, name="draft-evidence"),
    path("desk/evidence/", citing.evidence_create, name="evidence-create"),
    path("desk/evidence/<str:key>/", library.evidence_edit, name="evidence-edit"),
    path("desk/evidence/<str:key>/files/", library.attachment_create, name="attachment-create"),
    path("desk/citations/<int:pk>/", library.citation_edit, name="citation-edit"),
    path("method/", changes.method, name="method"),
    path("cite.<slug:form>", cite.cite, name="cite"),
]
