"""The documents that are like one: a page of its own, and the short list that the document's page fetches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.access import find_document
from documents.entries import entry_of
from documents.models import Document
from documents.similar import ASIDE, WHOLE, similar_to
from documents.views import tells_of_withdrawal
from search.engines.errors import EngineError


@require_safe
@tells_of_withdrawal
def similar(request: HttpRequest, record_id: int, slug: str) -> HttpResponse:
    """What is like this document; with ``?brief=1`` the list alone, or a sentence; nothing where the engine cannot answer.

    Apart from the document's page, which must not wait for it: to look for these takes longer than all the rest.
    """
    brief = request.GET.get("brief") == "1"
    documents = Document.objects.prefetch_related("participations") if brief else Document.objects.all()
    document = find_document(request.user, record_id, documents)
    engine_down = False
    found: list[Document] = []
    try:
        if document.is_public:
            found = similar_to(document, ASIDE if brief else WHOLE, known=not brief)
    except EngineError:
        engine_down = True
    if brief:
        told = {"documents": found, "engine_down": engine_down}
        response = render(request, "documents/snippets/similar_list.html", told)
        response["X-Robots-Tag"] = "noindex"
        return response
    context = {
        "document": document,
        "entries": [entry_of(each) for each in found],
        "engine_down": engine_down,
    }
    return render(request, "documents/similar.html", context)
