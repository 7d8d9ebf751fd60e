"""Other stacks as they answer a question, each in an environment of its own; they import nothing of ours."""
