"""What `wherefrom index --watch` tells: a line for each thing that happens, for a person or as JSON, and the counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.text import Text

from corpus.files.folders.folder import Skipped
from corpus.files.folders.metadata import METADATA_FILE
from index.cutting import Indexed, Outcome
from index.syncing import Event, PruneRefused, Removed, Warned
from service.cli.common import output, print_json
from service.cli.terminal import counted, one_line
from service.cli.unknown import print_unknown, unknown_kinds
from service.cli.wrapping import print_line

REMOVED, FAILED = "removed", "failed"  # what is counted besides outcomes; files that could not be read failed
DONE = (Outcome.ADDED, Outcome.UPDATED, REMOVED, FAILED)

# What the ways out of a file that cannot be read are called on the command line; over HTTP they are fields.
NAMED_HERE = {
    "name its encoding": f'name its encoding (--encoding, or encoding = "shift_jis" in {METADATA_FILE})',
    "let it pass": f'let it pass (--errors replace, or errors = "replace" in {METADATA_FILE})',
}


def skipped_line(skipped: Skipped) -> str:
    """Return what is told of a file that was passed over, with what to write."""
    reason = skipped.reason
    for way_out, named in NAMED_HERE.items():
        reason = reason.replace(way_out, named)
    return f"skipped {one_line(skipped.source)}: {one_line(reason)}"


@dataclass(slots=True)
class Teller:
    """Tells what happens, and counts it.

    Attributes:
        as_json: whether for programs, which get absolute paths.
        folders: those that are followed, absolute, and as the user wrote them, which is how a person is told of them.
        counts: how much was done.
    """

    as_json: bool
    folders: Mapping[Path, Path]
    counts: Counter[str] = field(default_factory=Counter)

    def tell(self, event: Event) -> None:
        """Tell what became of a document or file; of a document that is unchanged nothing."""
        match event:
            case Indexed(outcome=Outcome.UNCHANGED):
                self.counts[Outcome.UNCHANGED] += 1
            case Indexed(document=document, outcome=outcome, passages=passages):
                self.counts[outcome] += 1
                known = {"document_id": document.document_id, "source": document.source, "passages": passages}
                self._line(outcome, known, f"{outcome} {document.source}: {counted(passages, 'passage')}")
            case Removed(path=path):
                self.counts[REMOVED] += 1
                self._line(REMOVED, asdict(event), f"removed {self._as_written(Path(path))}")
            case Skipped():
                self.counts[FAILED] += event.failed
                self._line("skipped", asdict(event), skipped_line(event), bad=event.failed)
            case Warned():
                self._line("warning", asdict(event), f"warning {event.source}: {event.reason}")
            case PruneRefused():
                self._line("prune_refused", asdict(event), event.reason, bad=True)

    def tell_skipped(self, skipped: Sequence[Skipped]) -> None:
        """Tell of files that were passed over: of those that are not read by kind, and of each other."""
        kinds = unknown_kinds(skipped)
        if self.as_json:
            for each in kinds:
                print_json({"event": "unknown", **asdict(each)}, indent=None)
        else:
            print_unknown(output(), kinds)
        for other in skipped:
            if not other.unknown:
                self.tell(other)

    def tell_error(self, reason: str) -> None:
        """Tell what went wrong; it goes on."""
        self._line("error", {"reason": reason}, f"error: {reason}", bad=True)

    def tell_following(self) -> None:
        """Tell that the index is equal to the folders, and follows them from now on."""
        unchanged = self.counts[Outcome.UNCHANGED]
        known = {"folders": [str(folder) for folder in self.folders], "unchanged": unchanged}
        text = f"following {', '.join(map(str, self.folders.values()))}; {counted(unchanged, 'document')} unchanged"
        self._line("following", known, text)

    def tell_end(self) -> None:
        """Tell what was done, to whoever reads JSON."""
        if self.as_json:
            print_json({"event": "stopped", **{name: self.counts[name] for name in DONE}}, indent=None)

    def summary(self) -> str:
        """Return what was done, for whoever stopped it."""
        done = ", ".join(f"{self.counts[name]:,} {name}" for name in DONE)
        return f"{done}; run the same command to go on"

    def _as_written(self, path: Path) -> Path:
        """Return a path below a folder as the user would write it."""
        return next(
            (at / path.relative_to(real) for real, at in self.folders.items() if path.is_relative_to(real)), path
        )

    def _line(self, event: str, known: dict[str, Any], text: str, *, bad: bool = False) -> None:
        if self.as_json:
            print_json({"event": event, **known}, indent=None)
        else:
            print_line(output(), Text(one_line(text), style="red" if bad else ""))
