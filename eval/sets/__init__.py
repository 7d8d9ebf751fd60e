"""Question sets: what is asked, what answers it, and the files that sets come in."""
