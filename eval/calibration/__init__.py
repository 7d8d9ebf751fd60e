"""How sure of its answers a search may be: set-ups with and without the answer, what is seen in them, and the fit."""
