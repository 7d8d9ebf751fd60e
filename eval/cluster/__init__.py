"""What is measured and tried past one machine, on a database that is started for it."""
