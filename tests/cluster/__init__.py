"""What is tested on a database: `python -m tests.cluster` starts one, runs this and the kit on it, and stops it."""
