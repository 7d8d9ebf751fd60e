"""An answer where something fails that nobody foresaw."""

import logging

from starlette.requests import Request
from starlette.responses import Response

from service.errors import internal_error, request_id_of

logger = logging.getLogger(__name__)


def failed(request: Request) -> Response:
    """Return a constant text for the client; the log gets the rest."""
    logger.exception("request %s failed", request_id_of(request))
    return internal_error(request)
