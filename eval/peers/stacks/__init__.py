"""One file a stack. `eval.peers.driver` runs them in environments of their own; nothing of ours imports them.

`stacks.toml` names the packages of each. A stack has a function `index`, which takes passages, the folder of an
embedding model and perhaps the passages' vectors, and returns a search, which answers a question and a number k with
the places of the k best passages and their scores, best first. Its `split` cuts a text into passages of a size with an
overlap; one that has none is given LangChain's RecursiveCharacterTextSplitter.
"""
