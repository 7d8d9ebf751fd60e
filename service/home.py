"""Where the documents are that the settings say."""

from index.home import Home
from index.opening import home_at
from service.settings import Settings


def home_of(settings: Settings) -> Home:
    """Return the home of the collections; a database is not asked before something is.

    Raises:
        InvalidInput: if the settings name none.
    """
    return home_at(settings.store, settings.data_dir, "")
