"""Many files indexed by many workers: they read, cut and embed, and one writer puts what they made into the store.

`work` is what a worker does with one file, `packing` how that travels. `processes` are workers of this machine, `rays`
those of a Ray cluster, and `choosing` knows the names of both. `syncing` says what is to be done, in the order of the
files, and keeps it.
"""
