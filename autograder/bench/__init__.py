"""Measures speed and memory, and compares this course with other systems and with its own earlier version.

classroom             makes up classes of students and their submissions
large_class           makes a large class with damaged files, and computes the marks that the students deserve
damaged               ways in which submission files are damaged, and what each costs a student
same_work             inputs and timing that are the same for all contenders, the systems that are compared
this_course           the compared tasks, done by this course
sentence_transformer  the compared tasks, done by sentence-transformers
plain_loop            the compared tasks, done by a simple loop and by FAISS or torch.topk
contenders            runs one task by one contender in a separate process
speed                 compares the speed of training, encoding and search
grading               compares the speed of grading with nbgrader's
grading_scale         grades a large class on a cluster that loses workers
cluster_here          a Dask cluster on this machine, whose processes can be measured and killed
search_scale          measures what encoding and search cost for up to a million passages
search_work           encodes or searches by one contender in a separate process
projection            projects costs to more passages than were measured
earlier               puts the files of an earlier commit into a folder
clock_work            does one measured task with the build of the course that Python imports
clock                 compares the speed of this build with that of the earlier commit
fastest               the fastest known training recipe that reaches R@1 of 58 %
profile               measures the operations in a training step and in encoding
live_page             measures the page that `dpr-course page` writes, in Chromium and in Node
sick                  trains small models on the toy NQ, healthy or with one fault
sick_runs             lists the runs with faults, each fault in at least three severities, and the healthy recipes
faults                measures how often `dpr-course diagnose` names the fault that was put into a run
faults_page           writes the tables of these faults in dpr_course/diagnose/README.md
options               the options of the commands that measure
sections              replaces the section of a page that a bench writes
"""
