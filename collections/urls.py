from django.urls import path

from archive_site.collections import views

app_name = "collections"
urlpatterns = [
    path("collections/", views.collections, name="list"),
    path("collections/<slug:slug>/", views.collection, name="collection"),
    path("collection/<int:number>/<slug:slug>", views.old_address),
    path("collection/<int:number>/<slug:slug>/", views.old_address),
    path("collections/<slug:slug>/image", views.image, name="image"),
]
