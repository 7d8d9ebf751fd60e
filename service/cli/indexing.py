"""The `index` command: what it does, the progress it shows, and what it reports."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from corpus.errors import InvalidInput
from corpus.files.folders.folder import Ignored, Skipped, SourceFile, find_files
from corpus.files.folders.ignoring import IGNORE_FILE
from corpus.files.text.decoding import STRICT, Decoding
from corpus.store.truth import Truth
from index.answer import IndexState
from index.bulk.choosing import check_name, workers_at
from index.bulk.syncing import index_by
from index.bulk.work import Plan
from index.cutting import Indexed, Outcome
from index.home import Home
from index.local.threads import compute_with_one_thread
from index.models.registry import DEFAULT_MODEL
from index.opening import LoadEncoder, model_of
from index.syncing import Event, LeftOut, PruneRefused, Removed, Warned, index_paths
from index.upgrading import upgrade
from index.writer import Indexer, rebuild
from service.cli.common import load_for_worker
from service.cli.progress import Meter, shown
from service.cli.stopping import telling
from service.cli.terminal import counted, one_line
from service.cli.told import skipped_line
from service.cli.unknown import print_unknown, unknown_kinds
from service.cli.wrapping import print_lines


@dataclass(frozen=True, slots=True)
class Job:
    """What to index, and into what: a place of a home."""

    home: Home
    place: Path
    paths: tuple[Path, ...]
    model: str | None
    prune: bool
    rebuild: bool
    upgrade: bool = False
    force: bool = False
    workers: str | None = None
    decoding: Decoding = STRICT


@dataclass(slots=True)
class Report:
    """What became of everything."""

    documents: list[Indexed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    left_out: dict[str, float] = field(default_factory=dict)
    ignored: int = 0
    removed: list[Removed] = field(default_factory=list)
    prune_refused: PruneRefused | None = None
    state: IndexState | None = None

    @property
    def failed(self) -> list[Skipped]:
        """The files that should have been read and could not be."""
        return [each for each in self.skipped if each.failed]

    def note(self, event: Event) -> None:
        """Take down what became of one document or file."""
        match event:
            case Indexed():
                self.documents.append(event)
            case Ignored():
                self.ignored += 1
            case Skipped():
                self.skipped.append(event)
            case Warned():
                self.warnings.append(event)
            case LeftOut():
                self.left_out[event.source] = event.share
            case Removed():
                self.removed.append(event)
            case PruneRefused():
                self.prune_refused = event

    def note_all(self, events: Iterable[Event], meter: Meter) -> None:
        """Take down what became of documents that are all kept together, once they are; show it meanwhile."""
        noted = []
        for event in events:
            meter.note(event)
            noted.append(event)
        for event in noted:
            self.note(event)

    def kept(self) -> str:
        """Return what stays if it is stopped now, and how to go on."""
        if not (self.documents or self.removed):
            return "nothing was changed; run the same command to begin again"
        number = len(self.documents)
        indexed = "is indexed and stays" if number == 1 else "are indexed and stay"
        removed = f", {len(self.removed):,} removed" if self.removed else ""
        return f"{counted(number, 'document')} {indexed}{removed}; run the same command to go on"

    def view(self) -> dict[str, Any]:
        """Return the JSON of this report."""
        return {
            "documents": [
                {
                    "document_id": each.document.document_id,
                    "source": each.document.source,
                    "title": each.document.title,
                    "outcome": each.outcome,
                    "passages": each.passages,
                    "left_out": self.left_out.get(each.document.source),
                }
                for each in self.documents
            ],
            "skipped": [asdict(each) for each in self.skipped],
            "unknown": [asdict(each) for each in unknown_kinds(self.skipped)],
            "ignored": self.ignored,
            "warnings": [asdict(each) for each in self.warnings],
            "removed": [asdict(each) for each in self.removed],
            "prune_refused": None if self.prune_refused is None else asdict(self.prune_refused),
            "index": None if self.state is None else asdict(self.state),
        }


def check_workers(name: str | None, *, anew: bool, watch: bool) -> None:
    """Refuse workers that there are none of, or that have nothing to do, and a watch that is not one alone.

    Args:
        name: as it was given, if it was.
        anew: whether what is stored is made anew.
        watch: whether folders are followed.

    Raises:
        InvalidInput: with what to write.
    """
    if watch and (anew or name is not None):
        raise InvalidInput("--watch goes without --rebuild, --upgrade and --workers; run them before it")
    if name is None:
        return
    if anew:
        raise InvalidInput("--workers goes without --rebuild and --upgrade, which work in one process")
    check_name(name)


def run(job: Job, load_encoder: LoadEncoder, messages: Console) -> Report:
    """Do a job, show how far it is, and report; if it is stopped, tell what was kept.

    Raises:
        NotFound: if a path does not exist; nothing is made or changed then.
        IndexMismatch: if the index was built with another model, and this is no rebuild.
    """
    report = Report()
    with telling(report.kept):
        found = list(find_files(job.paths, job.decoding))
        files = [each for each in found if isinstance(each, SourceFile)]
        if files or job.prune or job.rebuild or job.upgrade:
            compute_with_one_thread()
            _run(job, files, load_encoder, report, messages)
        else:  # then no model is loaded, and no index made
            for each in found:
                if isinstance(each, Skipped):
                    report.note(each)
    return report


def _run(job: Job, files: Sequence[SourceFile], load_encoder: LoadEncoder, report: Report, messages: Console) -> None:
    if job.upgrade:
        with shown(messages, None, None) as meter:
            report.note_all(upgrade(job.place, load_encoder, job.model or DEFAULT_MODEL), meter)
    engine = job.home.engine
    with engine.open_truth(job.place, bool(files)) as truth:
        encoder = load_encoder(model_of(truth, job.model, DEFAULT_MODEL, anew=job.rebuild))
        if job.rebuild:
            with truth.reading() as reader:
                documents = reader.state().documents
            with shown(messages, None, documents) as meter:
                report.note_all(rebuild(truth, encoder), meter)
        indexer = Indexer(truth, encoder)
        if job.paths:
            with shown(messages, _sizes_of(files), len(files)) as meter:
                for event in _events(job, truth, indexer, meter):
                    report.note(event)
                    meter.note(event)
        index = engine.open_index(truth, indexer.manifest, job.place)
        index.save()
        with truth.reading() as reader, index.refreshed(reader) as state:
            report.state = state


def _events(job: Job, truth: Truth, indexer: Indexer, meter: Meter) -> Iterator[Event]:
    """Index the files of a job, in this process or by workers, and yield what becomes of each."""
    if job.workers is None:
        yield from index_paths(
            truth, indexer, job.paths, prune=job.prune, force=job.force, decoding=job.decoding, watch=meter.watch
        )
        return
    with workers_at(job.workers, Plan(indexer.manifest, load_for_worker)) as workers:
        yield from index_by(workers, truth, indexer, job.paths, prune=job.prune, force=job.force, decoding=job.decoding)


def _sizes_of(files: Sequence[SourceFile]) -> Mapping[str, int]:
    """Return how large files are, by their sources; one that is gone by now counts nothing."""
    sizes = {}
    for file in files:
        with suppress(OSError):
            sizes[file.source] = file.path.stat().st_size
    return sizes


def print_report(console: Console, report: Report) -> None:
    """Print a report for a person: counts, and a line for each file that was passed over."""
    outcomes = Counter(each.outcome for each in report.documents)
    counts = [f"{outcomes[outcome]:,} {outcome}" for outcome in Outcome if outcomes[outcome]]
    if report.removed:
        counts.append(f"{len(report.removed):,} removed")
    if counts:
        print_lines(console, Text(", ".join(counts)))
    print_unknown(console, unknown_kinds(report.skipped))
    for each in report.skipped:
        if each.unknown:
            continue
        print_lines(console, Text(skipped_line(each), style="red" if each.failed else "dim"))
    for warned in report.warnings:
        print_lines(console, Text(f"warning {one_line(warned.source)}: {one_line(warned.reason)}", style="dim"))
    if shares := report.left_out.values():
        share = f"{sum(shares) / len(shares):.0%} of {counted(len(shares), 'web page')}"
        print_lines(console, Text(f"left out as menus and the like: {share}", style="dim"))
    if report.ignored:
        print_lines(console, Text(f"left out by {IGNORE_FILE}: {report.ignored:,}", style="dim"))
    if report.state is not None:
        held = f"{counted(report.state.documents, 'document')} in {counted(report.state.passages, 'passage')}"
        print_lines(console, Text(f"the index holds {held}", style="dim"))
