"""Speed and memory, measured beside other systems.

classroom             made-up classes
same_work             the work that all contenders do, and how it is timed
own                   the work as this course does it
sentence_transformer  the work as sentence-transformers does it
plain_loop            the work as a simple loop, as one would write it first
contenders            runs all contenders, each in a separate process
speed                 compares training, encoding and search
grading               compares grading with nbgrader's
page                  measures the live page in Chromium and in Node
sick                  small trainings on the toy, healthy or with one fault
sick_runs             each fault in three severities, and the healthy recipes
faults                how often `dpr-course diagnose` names the fault that was injected
"""
