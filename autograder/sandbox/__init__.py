"""A student's code, run apart from everything else: one process per run, forked from a warm one.

    wire          messages between the grader and a student's process
    memory        total memory of all processes of a run
    kernel        namespaces, limits and other means of Linux
    runner        what happens in the student's process
    zygote        the warm processes that are forked
    conversation  one run as the grader sees it
    pool          runs of many exercises, side by side
"""
