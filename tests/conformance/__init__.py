"""What every engine must do; an engine is done when all of it is green.

`engines.py` lists the engines. A new one is added there, and nothing else is written for it.
"""
