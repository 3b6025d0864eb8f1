"""Speed and memory, measured beside other systems.

classroom             made-up classes
same_work             the work that all contenders do, and how it is timed
own                   that work, done by this course
sentence_transformer  done by sentence-transformers
plain_loop            done as one writes it first
contenders            all of them, each in a process of its own
speed                 training, encoding and search
grading               grading
page                  the live page, in Chromium and in Node
"""
