"""Proves that the checks are right: right answers get full marks, and known wrong answers lose points on the test they name.

bank      reads the bank of known right and wrong answers
mutants   makes small automatic changes (mutants) of a reference answer
variants  numeric settings under which the same computation rounds differently
prove     runs the proof and writes the published table
"""
