"""A student's code, run apart from everything else: one process per run, forked from a warm one.

wire            messages between the grader and a student's process
libc            Linux's system calls of which Python has no function of its own
system_calls    those that a student's code may not make
file_system     the files that it sees
isolation       namespaces, limits and rights: how a process is shut in
memory          total memory of all processes of a run
machine         what else runs on this machine
cell_names      the names that an exercise's cell finds
runner          what happens in the student's process
ended           how it ended, as the grader is told
namespace_runs  runs of an exercise in namespaces
limited_runs    runs of an exercise where there are none
zygote          the warm processes that are forked
conversation    one run as the grader sees it
pool            runs of many exercises, side by side
"""
