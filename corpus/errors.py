"""The errors a user may see. Every message names the thing, its value and the way out.

Lower layers raise these; the command line prints them and `service.errors` maps them to HTTP.
"""


class WherefromError(Exception):
    """The root of all errors whose message is fit to be shown to a user."""


class InvalidInput(WherefromError):
    """A question, parameter or metadata value is not of the form it must have."""


class UnreadableFile(WherefromError):
    """A file cannot be opened, decoded or understood; the others are still indexed."""


class NotFound(WherefromError):
    """No document, passage or folder of that name exists."""


class IdTaken(WherefromError):
    """A document's id belongs to another file; `document_id` is the one to use instead."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"another file has this document id; {document_id} is free")
        self.document_id = document_id


class AlreadyExists(WherefromError):
    """Something of that name exists, or has ended, and is left as it is."""


class Outdated(WherefromError):
    """What was to be changed is no longer what whoever changes it has seen."""


class StoreUnavailable(WherefromError):
    """The data folder is missing, locked or cannot be written."""


class StoreAway(StoreUnavailable):
    """The database that the store is kept in does not answer; it may soon."""


class StoreReplaced(StoreUnavailable):
    """A store that was open is deleted, and may have been made anew; open it again."""


class StoreReadOnly(StoreUnavailable):
    """This user may read the data folder and not write in it."""


class StoreFull(StoreUnavailable):
    """The disk of the data folder has no room for what is to be written; nothing of it was."""


class StoreDamaged(WherefromError):
    """What the store holds contradicts itself or is no longer a database."""


class IndexMismatch(WherefromError):
    """The data folder was built with a model or settings other than those asked for."""


class ModelUnavailable(WherefromError):
    """An embedding model cannot be found, verified or loaded."""
