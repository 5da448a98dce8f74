from django.urls import path

from documents import files, research_list_views, similar_views, terms, views

app_name = "documents"
urlpatterns = [
    path("documents/", views.document_list, name="list"),
    path("documents/<int:record_id>/", views.short),
    path("documents/<int:record_id>/<slug:slug>/", views.document, name="document"),
    path("documents/<int:record_id>/<slug:slug>/similar/", similar_views.similar, name="similar"),
    path("documents/<int:record_id>/scans/<int:pk>", files.scan, name="scan"),
    path(
        "documents/<int:record_id>/scans/<int:pk>/pages/<int:number>/<slug:size>",
        files.page_image,
        name="page_image",
    ),
    path("documents/<int:record_id>/texts/<int:pk>", files.text_file, name="text_file"),
    path("document/<int:record_id>", views.short, name="short"),
    path("document/<int:record_id>/", views.short),
    path("document/<int:record_id>/<slug:slug>", views.short),
    path("list/", research_list_views.research_list, name="research_list"),
    path("list/citations/", research_list_views.citations, name="list_citations"),
    path("list/citations.txt", research_list_views.citations_file, name="list_citations_file"),
    path("list/sheet/", research_list_views.sheet, name="list_sheet"),
    path("list/state.json", research_list_views.state, name="list_state"),
    path("places/", terms.places, name="places"),
    path("places/<slug:slug>/", terms.place, name="place"),
    path("subjects/", terms.subjects, name="subjects"),
    path("subjects/<slug:slug>/", terms.subject, name="subject"),
    path("languages/", terms.languages, name="languages"),
    path("types/", terms.types, name="types"),
    path("archives/", terms.archives, name="archives"),
    path("archives/<slug:slug>/", terms.archive, name="archive"),
]
