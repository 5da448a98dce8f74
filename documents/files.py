"""The files of a document: they answer as its page does."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from documents.access import find_document
from documents.views import tells_of_withdrawal
from records.files import file_response


@require_safe
@tells_of_withdrawal
def scan(request: HttpRequest, record_id: int, pk: int) -> HttpResponseBase:
    """A scan of the original."""
    document = find_document(request.user, record_id)
    found = document.scans.filter(pk=pk).first()
    if found is None:
        raise Http404
    return file_response(
        request,
        found.file,
        name=found.download_name,
        media_type=found.media_type,
        digest=found.sha256,
        is_public=document.is_public,
    )


@require_safe
@tells_of_withdrawal
def text_file(request: HttpRequest, record_id: int, pk: int) -> HttpResponseBase:
    """The file of a transcript or translation, where there is one beside the text."""
    document = find_document(request.user, record_id)
    found = document.texts.exclude(file="").defer("content").filter(pk=pk).first()
    if found is None:
        raise Http404
    return file_response(
        request,
        found.file,
        name=f"{record_id}-{found.kind}-{found.language}",
        is_public=document.is_public,
    )
