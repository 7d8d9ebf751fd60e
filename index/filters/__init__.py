"""The one language of conditions on documents and passages: what every interface's filters are read into.

A condition says of a document's facts and of the years a passage speaks of whether it holds; an engine may find the
passages in whatever way it likes, but they must be those.
"""
