"""What the system says of files that it cannot give."""

from errno import ELOOP, ENOENT


def reason_of(error: OSError) -> str:
    """Return why the system cannot look at something that is there, and what can be done."""
    if error.errno in (ENOENT, ELOOP):
        return "the link leads nowhere; mend or remove it"
    return f"{error.strerror}; check it and its permissions"
