from django.urls import path

from search import completion, views

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/complete/", completion.answer, name="complete"),
    path("search/facet/<slug:name>/", views.facet, name="facet"),
    path("timeline/", views.timeline, name="timeline"),
]
