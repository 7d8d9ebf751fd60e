"""What `wherefrom doctor` looks at: one file for each place where trouble comes from. Nothing is written."""
