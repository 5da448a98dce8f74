from django.urls import path

from themes import views

app_name = "themes"
urlpatterns = [
    path("themes/", views.themes, name="list"),
    path("themes/<slug:slug>/", views.theme, name="theme"),
    path("themes/<slug:slug>/image", views.image, name="image"),
]
