"""The interfaces of other platforms: a module each, all of them views of the one native answer."""
