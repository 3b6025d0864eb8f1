"""Speed and memory, measured beside other systems.

classroom             made-up classes
same_work             the work that all contenders do, and how it is timed
own                   the work as this course does it
sentence_transformer  the work as sentence-transformers does it
plain_loop            the work as a simple loop, as one would write it first
contenders            runs all contenders, each in a separate process
speed                 compares training, encoding and search
grading               compares grading with nbgrader's
earlier               an earlier commit, laid out in a folder beside
clock_work            one piece of work, by whichever build is found
clock                 this build against the earlier commit
profile               where the time of a training step and of encoding goes
page                  measures the live page in Chromium and in Node
"""
