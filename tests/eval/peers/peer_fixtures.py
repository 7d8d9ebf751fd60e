"""Small stacks for tests: files that need no package, so that they run in this interpreter."""

from pathlib import Path

from eval.peers.catalogue import Peer, read_peers

BLOCK = "# /// script\n# dependencies = {dependencies}\n# ///\n"
LINES = "def split(text, size, overlap):\n    return [line for line in text.split('\\n') if line]\n"
# Finds passages by the words they share with the question.
WORDS = (
    LINES
    + """
def index(passages, model):
    def search(question, k):
        words = set(question.split())
        scores = [(len(words & set(passage.split())), -place) for place, passage in enumerate(passages)]
        return [(-place, score) for score, place in sorted(scores, reverse=True)[:k]]
    return search
"""
)


def write_peer(folder: Path, name: str, code: str, dependencies: str = "[]") -> Peer:
    folder.mkdir(exist_ok=True)
    script = folder / f"{name}.py"
    script.write_text(BLOCK.format(dependencies=dependencies) + code)
    return read_peers(folder, [name])[0]
