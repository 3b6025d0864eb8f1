"""Measures speed and memory, and compares this course with other systems and with its own earlier version.

classroom             makes made-up classes of submissions
same_work             the tasks that all contenders do, and how they are timed
this_course           the tasks, done by this course
sentence_transformer  the tasks, done by sentence-transformers
plain_loop            the tasks, done by a simple loop and by FAISS or torch.topk
contenders            runs one task by one contender in a separate process
speed                 compares training, encoding and search
grading               compares grading with nbgrader's
earlier               puts the files of an earlier commit into a folder
clock_work            does one piece of work with the build that Python imports
clock                 compares this build with the earlier commit
profile               measures the operations in a training step and in encoding
live_page             measures the live page in Chromium and in Node
sick                  small trainings on the toy, healthy or with one fault
sick_runs             each fault in at least three severities, and the healthy recipes
faults                how often `dpr-course diagnose` names the fault that was injected
faults_page           writes the tables of these faults in dpr_course/diagnose/README.md
"""
