"""Scripts that run beside ours and import nothing of it: the tutorial stack, its encoder, and a crowd of clients."""
