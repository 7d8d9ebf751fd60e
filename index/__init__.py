"""Finding passages: encoders, the vector index, and the search over them."""
