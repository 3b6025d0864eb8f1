"""Defines the options of the commands that measure.

Each function takes `add`, a function of autograder.__main__. `add(name, help)` adds a command and returns its ArgumentParser.
"""

CLOCK_ROWS = ("training", "stage 04", "first cell", "tokenizer", "kernel", "grading", "grading memory", "course", "test")


def add_bench(add):
    """Add the commands that measure speed, the live page, and the diagnosis of faults."""
    bench = add("bench", "compare speed and memory with those of other systems on the same work")
    bench.add_argument("--out", default="report/bench", help="folder for the table and the plot (default: report/bench)")
    bench.add_argument("--rounds", type=int, default=3, help="number of measurements per system (default: 3)")
    bench.add_argument(
        "--tasks", nargs="+", choices=("train", "train cached", "encode", "search"), help="measure only these tasks (default: all)"
    )
    clock = add("clock", "measure this build against an earlier commit of the course, in turn")
    clock.add_argument("--rows", nargs="+", choices=CLOCK_ROWS, help="measure only these rows (default: all but course and test)")
    clock.add_argument(
        "--rounds", type=int, default=5, help="number of measurements per build; a round is also a seed (default: 5)"
    )
    clock.add_argument("--out", default="report/bench", help="folder for clock.json (default: report/bench)")
    add("profile", "measure where the time of a training step and of encoding goes, and write it to bench/README.md")
    page = add("bench-page", "measure the page of `dpr-course page`: its size, its speed, and whether it agrees with torch")
    page.add_argument("--model", help="a trained model, as `dpr-course page` takes it (default: train one now)")
    faults = add("bench-faults", "measure how often `dpr-course diagnose` names the fault that was put into a run")
    faults.add_argument("--only", nargs="+", help="only runs whose name contains one of these, and no table (default: all)")
    faults.add_argument("--kept", action="store_true", help="make no new run: the tables of those whose measures are kept")
    grading = add("bench-grading", "compare the speed of grading with that of nbgrader's autograde")
    grading.add_argument("--sizes", type=int, nargs="+", default=[1, 30, 200], help="class sizes to measure (default: 1 30 200)")
    grading.add_argument("--peer", type=int, default=30, help="the class size that nbgrader grades as well (default: 30)")


def add_scale(add):
    """Add the commands that measure costs at large scale, with more passages and submissions than any course has."""
    search = add(
        "bench-search", "measure encoding, exact search and HNSW on up to a million made-up vectors, and project to Wikipedia"
    )
    search.add_argument("--sizes", type=int, nargs="+", help="numbers of vectors (default: 1500 10000 100000 1000000)")
    search.add_argument("--widths", type=int, nargs="+", help="numbers of components of a vector (default: 256 768)")
    cluster = add(
        "bench-cluster", "grade a large class on a Dask cluster that loses workers, and compare every mark with the deserved one"
    )
    cluster.add_argument("--submissions", type=int, default=10_000, help="size of the class (default: 10000)")
    cluster.add_argument("--workers", type=int, default=4, help="number of workers on this machine (default: 4)")
    cluster.add_argument("--kill", type=int, default=2, help="number of workers that are killed on the way (default: 2)")
    cluster.add_argument("--damaged", type=float, default=5, help="percentage of damaged files (default: 5)")
    for scale in (search, cluster):
        scale.add_argument("--out", default="report/bench", help="folder for the measurements as JSON (default: report/bench)")
