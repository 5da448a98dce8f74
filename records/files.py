"""Uploads, handed out by views that have asked who may see them: whole or in ranges, and never to be run."""

import mimetypes
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe, quote_etag

from records.uploads import PDF, SHOWN_IN_PAGE

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)
# A file is shown within this site's own pages, runs nothing and asks for nothing. (A browser's viewer
# of PDFs and images styles itself.)
_POLICY = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


def media_type_of(head: bytes) -> str:
    """The media type that the first bytes of a file show; application/octet-stream for any that is not drawn."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((name for start, name in _SIGNATURES if head.startswith(start)), "application/octet-stream")


def file_response(
    request: HttpRequest,
    upload: FieldFile,
    *,
    name: str,
    is_public: bool,
    media_type: str = "",
    digest: str = "",
) -> HttpResponseBase:
    """The file, as asked for: 200, 206, 304, 412 or 416. Raises Http404 where there is none.

    ``name`` is what it is saved as (an ending that it lacks is added); ``media_type`` is looked up in the file where it is not known;
    ``digest`` is a hash of the content, else size and time stand for it. ``?download`` has it saved.
    """
    if not upload:
        raise Http404
    try:
        opened = upload.open("rb")
        modified = int(upload.storage.get_modified_time(str(upload.name)).timestamp())
    except FileNotFoundError as error:
        raise Http404 from error
    size = upload.size
    if not media_type:
        media_type = media_type_of(opened.read(16))
        opened.seek(0)
    etag = quote_etag(digest or f"{size:x}-{modified:x}")
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        wanted = _wanted_range(request, size, etag, modified)
        if wanted is None:
            response = FileResponse(opened, content_type=media_type)
        elif wanted:
            response = StreamingHttpResponse(_part(opened, wanted), status=206, content_type=media_type)
            response["Content-Length"] = str(len(wanted))
            response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
        else:
            opened.close()
            response = HttpResponse(status=416, content_type="text/plain")
            response["Content-Range"] = f"bytes */{size}"
    else:
        opened.close()
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, no-cache" if is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = _POLICY
    saved = media_type not in SHOWN_IN_PAGE or "download" in request.GET
    if not PurePath(name).suffix:
        name += mimetypes.guess_extension(media_type) or ""
    disposition = content_disposition_header(saved, name)
    if disposition and response.status_code in (200, 206):
        response["Content-Disposition"] = disposition
    return response


def _wanted_range(request: HttpRequest, size: int, etag: str, modified: int) -> range | None:
    """The bytes asked for; None for the whole file, empty where there are no such bytes.

    Several ranges at once, and a header that cannot be read, are answered with the whole, as RFC 9110 allows.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or match is None or match.groups() == ("", ""):
        return None
    condition = request.headers.get("If-Range")
    if condition and condition != etag and parse_http_date_safe(condition) != modified:
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1 if last else size, size))


def _part(opened: BinaryIO | FieldFile, wanted: range) -> Iterator[bytes]:
    with opened:
        opened.seek(wanted.start)
        left = len(wanted)
        while left and (chunk := opened.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
