"""One thread for each library that computes: two wait for each other as soon as anything else runs on the machine."""

import faiss
from threadpoolctl import threadpool_limits


def compute_with_one_thread() -> None:
    """Let the linear algebra of NumPy use one thread from here on in this process, and FAISS in this thread of it.

    Their threads spin while they wait, which has made a question take a hundred times as long beside a busy
    neighbour. Several questions at once still use several cores.
    """
    threadpool_limits(limits=1)
    faiss.omp_set_num_threads(1)
