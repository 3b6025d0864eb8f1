"""Measures speed and memory, and compares this course with other systems and with its own earlier version.

classroom             makes made-up classes of submissions
large_class           makes a large class with damaged files, and knows the deserved marks
damaged               damages of submissions, and what each costs
same_work             the tasks that all contenders do, and how they are timed
this_course           the tasks, done by this course
sentence_transformer  the tasks, done by sentence-transformers
plain_loop            the tasks, done by a simple loop and by FAISS or torch.topk
contenders            runs one task by one contender in a separate process
speed                 compares training, encoding and search
grading               compares grading with nbgrader's
grading_scale         grades a large class on a cluster that loses workers
cluster_here          a Dask cluster of processes that one can measure and kill
search_scale          what encoding and search cost up to a million passages
search_work           encodes or searches by one contender
projection            projects costs to more passages than were measured
earlier               puts the files of an earlier commit into a folder
clock_work            does one piece of work with the build that Python imports
clock                 compares this build with the earlier commit
fastest               the fastest recipe to R@1 of 58 that is known
profile               measures the operations in a training step and in encoding
live_page             measures the live page in Chromium and in Node
sick                  small trainings on the toy, healthy or with one fault
sick_runs             each fault in at least three severities, and the healthy recipes
faults                how often `dpr-course diagnose` names the fault that was injected
faults_page           writes the tables of these faults in dpr_course/diagnose/README.md
options               the options of the commands that measure
sections              sections of a page that a bench writes between marks
"""
