"""Measures speed and memory, and compares this course with other systems and with an earlier commit of its own.

classroom             makes up classes of students and their submissions
large_class           makes a large class with damaged files, and computes the marks that the students deserve
damaged               damages submission files in several ways, and says which points each damage costs the student
same_work             gives all contenders (the systems that are compared) the same inputs, and measures time in the same way for all
this_course           does the compared tasks with this course
sentence_transformer  does the compared tasks with sentence-transformers
plain_loop            does the compared tasks with a simple training loop, and with FAISS or torch.topk
contenders            runs one task by one contender in a separate process
speed                 compares the speed of training, encoding and search
grading               compares the speed of grading with that of nbgrader
grading_scale         grades a large class on a cluster that loses workers
cluster_here          starts a Dask cluster on this machine, whose processes can be measured and killed
search_scale          measures what encoding and search cost for up to a million passages
search_work           encodes passages, or searches made-up vectors by one method, in a separate process
projection            projects costs to more passages than were measured
earlier               puts the files of an earlier commit into a folder
clock_work            does one measured task, with today's or the earlier build of the course
clock                 compares time and peak memory of today's build with those of the earlier commit
fastest               trains by the fastest known recipe that reaches R@1 of 58 %
profile               measures the operations in a training step and in encoding
live_page             measures the page that `dpr-course page` writes, in Chromium and in Node
sick                  trains small models on the toy NQ, either without a fault (healthy) or with one fault
sick_runs             lists the training runs with a fault, each fault in at least three severities, and the healthy runs
faults                measures how often `dpr-course diagnose` names the fault that was put into a training run
faults_page           writes the results of `faults` as tables in dpr_course/diagnose/README.md
options               defines the options of the commands that measure
sections              replaces a section of a Markdown page
"""
