"""Runs a student's code in isolation. Each run is a separate process, forked from a warm process, which has already imported torch.

wire            sends and reads the messages between the grader and a student's process
libc            makes Linux system calls for which Python has no function
system_calls    forbids system calls that a student's code may not make
file_system     makes the file system that a student's code sees
isolation       isolates a process: namespaces, limits and rights
limits          the default limits of a run: time, memory, number of processes
memory          measures the total memory of all processes of a run
machine         measures how busy this machine is
cell_names      defines the names that exist before an exercise's cell runs
runner          runs the exercise and its check inside the student's process
exit_report     reports to the grader how a student's process ended
namespace_runs  starts and watches the runs of an exercise, in namespaces
limited_runs    starts and watches the runs of an exercise, on systems without namespaces
zygote          is the program of the warm processes, from which each run is forked
conversation    exchanges the messages of one run, on the grader's side
pool            runs many exercises at the same time
"""
