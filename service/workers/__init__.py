"""Several processes that serve one address: which of them one is, what it hands to another, and what starts them."""
