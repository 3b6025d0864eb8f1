"""A student's code, run apart from everything else: one process per run, forked from a warm one.

wire            messages between the grader and a student's process
libc            Linux system calls for which Python has no function
system_calls    the system calls that a student's code may not make
file_system     the files that a student's code can see
isolation       namespaces, limits and rights: how a process is isolated
memory          total memory of all processes of a run
machine         how busy this machine is
cell_names      the names that an exercise's cell finds
runner          runs the exercise and its check inside the student's process
ended           how a student's process ended, in words for the grader
namespace_runs  runs of an exercise in namespaces
limited_runs    runs of an exercise on systems without namespaces
zygote          the warm process, from which each run is forked
conversation    one run, seen from the grader's side
pool            runs many exercises side by side; holds a run's limits on time and memory
"""
