from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("people/<slug:slug>/portrait", views.portrait, name="portrait"),
]
