"""The errors of the client. Every message names the thing, its value and the way out."""

from collections.abc import Sequence

from wherefrom.responses import Job


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


class PreconditionFailed(ServiceFailed):
    """Nothing was written, for the document is not as `if_match` or `create_only` says (status 412).

    Somebody else has written or removed it since: read it again, and decide again.
    """


class JobFailed(WherefromError):
    """Files that were waited for have not become documents: they failed, or were cancelled.

    Attributes:
        jobs: of these files.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        super().__init__(
            "; ".join(f"{job.source}: {job.state}{f': {job.reason}' if job.reason else ''}" for job in jobs)
        )
        self.jobs = list(jobs)


class JobUnfinished(WherefromError):
    """Files that were waited for take longer than the `timeout` given; the service goes on with them.

    Attributes:
        jobs: of these files, as they were seen last.
    """

    def __init__(self, jobs: Sequence[Job], timeout: float) -> None:
        told = "; ".join(f"{job.source}: still {job.state}" for job in jobs)
        super().__init__(f"{told} after {timeout:g} s; wait again, or cancel it")
        self.jobs = list(jobs)
