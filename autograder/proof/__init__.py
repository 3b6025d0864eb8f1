"""The proof of the checks: right answers get full marks, and wrong answers lose points on the test that they declare.

bank      reads the bank of known right and wrong answers
mutants   makes small automatic changes (mutants) of a reference answer
variants  numeric settings under which the same computation rounds differently
prove     runs the proof and writes the published table
"""
