"""Libraries that compute are told to use one thread, and obey."""

from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
from threadpoolctl import threadpool_info

from index.local.faiss_index import DenseIndex
from index.local.threads import compute_with_one_thread


def test_linear_algebra_and_faiss_use_one_thread() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    compute_with_one_thread()
    pools = threadpool_info()
    assert pools
    assert {pool["num_threads"] for pool in pools} == {1}
    assert faiss.omp_get_max_threads() == 1


def test_a_search_uses_one_thread_whichever_asks() -> None:
    def threads_of_a_search() -> int:
        faiss.omp_set_num_threads(4)  # as every new thread has as many as there are cores
        index.search(np.ones(8, np.float32), 1)
        return int(faiss.omp_get_max_threads())

    index = DenseIndex(8)
    index.add(np.array([1]), np.ones((1, 8), np.float32))
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(threads_of_a_search).result() == 1
