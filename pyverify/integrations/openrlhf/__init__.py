"""pyverify in OpenRLHF: files that its command line is pointed at.

`pyverify path openrlhf` prints where this folder is.
"""
