"""The errors of the client. Every message names the thing, its value and the way out."""


class WherefromError(Exception):
    """The root of all errors whose message is fit to be shown to a user."""


class InvalidInput(WherefromError):
    """What was given to the client is not of the form it must have."""


class ServiceFailed(WherefromError):
    """A service cannot be reached, refuses, or answers what cannot be understood.

    Attributes:
        status: of HTTP; `None` where no answer came.
        error_type: name of the error, as `InvalidInput`; `None` where the service did not say.
        request_id: by which the service's log tells more; `None` where it did not say.
    """

    def __init__(
        self, message: str, status: int | None = None, error_type: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.request_id = request_id
