"""Where the documents are that the settings say."""

from pathlib import Path

from corpus.errors import InvalidInput
from index.home import Home
from index.oceanbase.address import is_address
from index.opening import home_at
from service.settings import Settings, variable_of

FILE = "store_password_file"


def home_of(settings: Settings) -> Home:
    """Return the home of the collections; a database is not asked before something is.

    Raises:
        InvalidInput: if the settings name none, or no password where a file should hold it.
    """
    password = password_of(settings) if is_address(settings.store) else ""
    return home_at(settings.store, settings.data_dir, password, settings.store_connections)


def password_of(settings: Settings) -> str:
    """Return the password of the database; "" if there is none.

    Raises:
        InvalidInput: if both a password and a file are told, or the file cannot be read.
    """
    password, file = settings.store_password.get_secret_value(), settings.store_password_file
    if file is None:
        return password
    if password:
        raise InvalidInput(f"{variable_of('store_password')} and {variable_of(FILE)} are both set; unset one of them")
    return _first_line(file)


def _first_line(file: Path) -> str:
    try:
        return file.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except OSError as error:
        raise InvalidInput(f"{variable_of(FILE)} is {str(file)!r}: {error.strerror}; name a file to read") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{variable_of(FILE)} is {str(file)!r}, which is no text in UTF-8; write it anew") from None
