"""Which workers a name stands for."""

import re
from contextlib import AbstractContextManager

from corpus.errors import InvalidInput
from index.bulk.processes import Processes
from index.bulk.rays import LOCAL, RayWorkers
from index.bulk.work import Plan, Workers

NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
MOST = 256  # processes of one machine
RAY = re.compile(r"ray://([\w.-]+:\d{1,5}|\[[\da-f:]+\]:\d{1,5}|local)", re.ASCII | re.IGNORECASE)


def check_name(name: str) -> None:
    """Refuse a name that stands for no workers.

    Raises:
        InvalidInput: with those that do.
    """
    number = NUMBER.fullmatch(name)
    if not RAY.fullmatch(name) and (number is None or int(name) > MOST):
        raise InvalidInput(
            f"--workers is {name!r}; write a number from 1 to {MOST}, ray://{LOCAL}, or ray://HOST:PORT of a cluster"
        )


def workers_at(name: str, plan: Plan) -> AbstractContextManager[Workers]:
    """Return the workers that a name stands for: a number of processes, or those of a Ray cluster.

    Raises:
        InvalidInput: if it stands for none.
    """
    check_name(name)
    cluster = RAY.fullmatch(name)
    return RayWorkers(plan, cluster[1]) if cluster else Processes(plan, int(name))
