"""A server held against the ledger: what was acknowledged is there, what was deleted is gone, nothing is half."""

from collections.abc import Iterable, Iterator
from time import monotonic, sleep
from typing import Any

from eval.endurance.client import OVER, PAGE, Client, expected
from eval.endurance.ledger import Ledger, Place, Version
from eval.endurance.serving import Server

PATIENCE_S = 60.0  # for jobs to end
POLL_S = 0.02


def check(server: Server, ledger: Ledger, asked: Iterable[Place]) -> Iterator[str]:
    """Yield what is not as it was acknowledged, and settle in the ledger what was left open.

    Every document is looked up in the lists; those at the places `asked` are read and searched for as well.
    """
    client = server.client()
    try:
        yield from _job_faults(client, ledger)
        yield from _collection_faults(client, ledger)
        asked = list(asked)
        for name in [name for name, there in ledger.collections.items() if there == {True}]:
            client.collection = name
            yield from _listed_faults(client, ledger)
            for place in asked:
                if place.collection == name:
                    yield from document_faults(client, place, ledger.known.get(place))
    finally:
        client.close()


def _job_faults(client: Client, ledger: Ledger) -> Iterator[str]:
    """Wait until nothing is under way any more, then see what has become of each job that was acknowledged."""
    deadline = monotonic() + PATIENCE_S
    while any(job["state"] not in OVER for job in _jobs(client)):
        if monotonic() > deadline:
            yield f"jobs are still under way after {PATIENCE_S:.0f} s"
            return
        sleep(POLL_S)
    for job_id, (place, version) in list(ledger.jobs.items()):
        answer = client.job(job_id)
        job: dict[str, Any] = answer.json if answer.ok else {"state": answer.told}
        if job["state"] == "done":
            ledger.settle(place, version)
        elif job["state"] == "failed" and job["reason"]:
            ledger.settle(place, ledger.known.get(place))
        elif ledger.collections.get(place.collection) == {True}:  # those of a collection go with it
            yield f"job {job_id} for {place} is {job}, neither done nor failed with a reason"
        del ledger.jobs[job_id]


def _jobs(client: Client) -> Iterator[dict[str, Any]]:
    """Yield the last jobs of every collection."""
    for name in client.collections():
        client.collection = name
        yield from expected(client.send("GET", client.path("jobs", limit=PAGE)))["jobs"]


def _collection_faults(client: Client, ledger: Ledger) -> Iterator[str]:
    held = set(client.collections())
    for name, possible in list(ledger.collections.items()):
        if (name in held) not in possible:
            yield f"collection {name} is {'there' if name in held else 'gone'}, which was not acknowledged"
        ledger.settle_collection(name, name in held)
    yield from (f"collection {name} was never made" for name in held - ledger.collections.keys())


def _listed_faults(client: Client, ledger: Ledger) -> Iterator[str]:
    name = client.collection or ""
    listed = {Place(name, each["document_id"]): (each["sha256"], each["title"]) for each in client.documents()}
    for place in ledger.places(name):
        possible = ledger.possible(place)
        facts = listed.pop(place, None)
        found = [version for version in possible if (version.facts if version else None) == facts]
        if not found:
            yield f"{place} is {facts}, not one of {[version.facts if version else None for version in possible]}"
        ledger.settle(place, found[0] if found else possible[0])
    yield from (f"{place} is there and was never written, or was deleted" for place in listed)


def document_faults(client: Client, place: Place, version: Version | None) -> Iterator[str]:
    """Yield what is wrong with one document: its text, and whether each of its paragraphs is found and cited right."""
    answer = client.document(place.document_id)
    if version is None:
        if answer.status != 404:
            yield f"{place} was deleted and is answered with {answer.told}"
        return
    if not answer.ok or answer.json["text"] != version.written.text:
        yield f"{place} is not the text that was written: {answer.told}"
    for word in version.written.words:
        found = client.search(word)
        results = found.json["results"] if found.ok else []
        cited = [each for result in results for each in (result["citation"], *result["also_in"])]
        of_it = [each for each in cited if each["document_id"] == place.document_id]
        if not any(word in each["quote"] for each in of_it):
            yield f"{place} is not found by {word}: {found.status}, {[each['document_id'] for each in cited]}"
        elif any(each["quote"] != version.written.text[each["start"] : each["end"]] for each in of_it):
            yield f"{place} is cited with another text than stands there"
