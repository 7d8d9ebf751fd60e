"""The stacks people usually build, run on our questions: each in an environment of its own, all judged alike."""
