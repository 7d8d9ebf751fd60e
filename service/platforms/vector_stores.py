"""OpenAI's files and vector stores: its clients work with this service as `base_url`."""

from service.platforms.openai import batches, errors, examples, files, search, store_files, stores
from service.platforms.openai.unattached import sweeping
from service.platforms.platform import Platform

PLATFORM = Platform(
    "OpenAI's vector stores",
    [part.router for part in (search, stores, store_files, batches, files)],
    {**errors.EXAMPLES, **search.EXAMPLES, **examples.EXAMPLES},
    paths=errors.PATHS,
    error_form=errors.error_form,
    attach=sweeping,
)
