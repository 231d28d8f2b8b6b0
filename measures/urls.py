"""The table of contents."""

from django.urls import include, path

from .pages import changes, evidence, measures, progress, source

# The pages of one source: at the root for the default one, under /s/<slug>/ for every one.
of_one_source = [
    path("", progress.progress, name="progress"),
    path("measures/", measures.measure_list, name="measure-list"),
    path("measures/<str:code>/", measures.measure_detail, name="measure-detail"),
    path("themes/<slug:slug>/", progress.theme_detail, name="theme-detail"),
    path("bodies/<slug:slug>/", progress.body_detail, name="body-detail"),
]

urlpatterns = [
    *of_one_source,
    path("s/<slug:source>/", include((of_one_source, "source"))),
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("evidence/<str:key>/", evidence.evidence_detail, name="evidence-detail"),
    path("source/", source.source_list, name="source-list"),
    path("source/<slug:slug>/", source.source_detail, name="source-detail"),
    path("changes/", changes.changes, name="changes"),
    path("method/", changes.method, name="method"),
]
