"""Small stacks for tests: files that need no package, so that they run in this interpreter."""

from pathlib import Path

from eval.peers.environment import PACKAGES, Peer, read_peers

LINES = "def split(text, size, overlap):\n    return [line for line in text.split('\\n') if line]\n"
# Finds passages by the words they share with the question.
WORDS = (
    LINES
    + """
def index(passages, model, vectors=None):
    def search(question, k):
        words = set(question.split())
        scores = [(len(words & set(passage.split())), -place) for place, passage in enumerate(passages)]
        return [(-place, score) for score, place in sorted(scores, reverse=True)[:k]]
    return search
"""
)


def write_peer(folder: Path, name: str, code: str, packages: str = "[]") -> Peer:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(code)
    named = folder / PACKAGES
    lines = named.read_text().splitlines() if named.exists() else ["[stacks]"]
    kept = [line for line in lines if not line.startswith(f"{name} =")]
    named.write_text("\n".join([*kept, f"{name} = {packages}"]))
    return read_peers(folder, [name])[0]
