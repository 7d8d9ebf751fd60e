"""Whether writing over HTTP keeps its promises: kills, failing disks, crowds, and what a write costs others."""
