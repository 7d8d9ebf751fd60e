"""What a test has Ray do, in a process of its own: work on the files of a folder, some of which end their worker."""

import json
import sys
from pathlib import Path

from corpus.files.folders.folder import SourceFile, find_files
from index.bulk.rays import LOCAL, RayWorkers
from index.bulk.work import Failed, Make, Target
from tests.index.bulk.bulk_fixtures import DEADLY, Here


def main(folder: Path) -> None:
    """Print what became of each file, and whether what was made is what one process makes of it."""
    files = [each for each in find_files([folder]) if isinstance(each, SourceFile)]
    tasks = [Make(file, {str(file.path): Target(f"d_{number}")}) for number, file in enumerate(files)]
    with RayWorkers(DEADLY, LOCAL) as workers:
        done = list(workers.each(tasks))
    told = [
        [
            task.file.source,
            answer.reason if isinstance(answer, Failed) else [(task, answer)] == list(Here().each([task])),
        ]
        for task, answer in done
    ]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
