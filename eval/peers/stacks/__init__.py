"""One file a stack. `eval.peers.driver` runs them in environments of their own; nothing of ours imports them.

A stack names its packages in a PEP 723 block and has two functions: `split` cuts a text into passages, and
`index` takes passages and the folder of an embedding model and returns a search, which answers a question and a
number k with the places of the k best passages and their scores, best first.
"""
