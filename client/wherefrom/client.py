"""A running service, spoken to with an event loop or without one."""

from wherefrom.parts.collections import AsyncCollections, Collections
from wherefrom.parts.documents import AsyncDocuments, Documents
from wherefrom.parts.jobs import AsyncJobs, Jobs
from wherefrom.parts.search import AsyncSearch, Search


class Wherefrom(Search, Documents, Jobs, Collections):
    """A running service. Close it after use, or use it as a block; safe to use from several threads.

    All methods raise `ServiceFailed`, with the status and the type of the error, if the service cannot be
    reached or refuses, and `InvalidInput` if what is given cannot be sent. `collection` chooses another collection
    than the client's for one request.
    """


class AsyncWherefrom(AsyncSearch, AsyncDocuments, AsyncJobs, AsyncCollections):
    """The same for programs with an event loop."""
