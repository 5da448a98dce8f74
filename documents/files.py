"""The files of a document: they answer as its page does."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from documents.access import find_document
from documents.views import tells_of_withdrawal
from records.files import file_response

IMAGE_ENDINGS = {"large": "webp", "small": "webp", "card": "jpg"}
IMAGE_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


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
def page_image(request: HttpRequest, record_id: int, pk: int, number: int, size: str) -> HttpResponseBase:
    """The image of a page of a scan, ``large`` or ``small``; of a first page also the ``card``."""
    document = find_document(request.user, record_id)
    found = document.scans.select_related("page_images").filter(pk=pk).exclude(page_images=None).first()
    ending = IMAGE_ENDINGS.get(size, "")
    if found is None or found.page_images.page(number) is None or not ending:
        raise Http404
    images = found.page_images
    return file_response(
        request,
        FieldFile(found, found.file.field, f"{images.folder}/{number}-{size}.{ending}"),
        name=f"{record_id}-{pk}-{number}-{size}.{ending}",
        media_type=IMAGE_TYPES[ending],
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
