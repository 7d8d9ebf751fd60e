"""What tutorials build: FastAPI, SentenceTransformer in single precision and an exact FAISS index. Nothing of ours.

    python -I tutorial.py FOLDER MODEL PORT

FOLDER holds `vectors.npy` and `texts.json` of the same passages that wherefrom serves, MODEL the same weights. All
else is as the libraries have it: torch and FAISS choose how many threads they use.
"""

import json
import sys
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import uvicorn
from fastapi import FastAPI
from sentence_transformers import SentenceTransformer


def make_app(folder: Path, model_name: str) -> FastAPI:
    """Return the application over the passages of a folder."""
    model = SentenceTransformer(model_name, device="cpu", model_kwargs={"dtype": "float32"})
    vectors = np.load(folder / "vectors.npy").astype(np.float32)
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    index: Any = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    app = FastAPI()

    @app.get("/search")
    def search(q: str, k: int = 5) -> dict[str, Any]:
        query = model.encode([q], prompt="query: ", normalize_embeddings=True)
        scores, places = index.search(query, k)
        found = zip(places[0].tolist(), scores[0].tolist(), strict=True)
        return {"results": [{"text": texts[place], "score": score} for place, score in found]}

    return app


if __name__ == "__main__":
    folder, model_name, port = sys.argv[1:]
    uvicorn.run(make_app(Path(folder), model_name), host="127.0.0.1", port=int(port), log_level="warning")
