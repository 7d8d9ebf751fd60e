"""OpenAI's files and vector stores: its clients work with this service as `base_url`."""

from fastapi import APIRouter

from service.http.refusals import Asking
from service.platforms.openai import batches, errors, examples, files, search, store_files, stores
from service.platforms.openai.unattached import sweeping
from service.platforms.platform import Platform

router = APIRouter()
for part in (search, stores, store_files, batches, files):
    router.include_router(part.router)

PLATFORM = Platform(
    "OpenAI's vector stores",
    router,
    {**errors.EXAMPLES, **search.EXAMPLES, **examples.EXAMPLES},
    paths=errors.PATHS,
    error_form=errors.error_form,
    asking=(Asking("/v1/vector_stores/{vector_store_id}/search"),),
    attach=sweeping,
)
