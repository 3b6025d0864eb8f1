"""Measures the operations in a training step and in encoding: `python -m autograder profile`.

torch's profiler measures each operation on one core. The time of the matrix products is a lower bound for the total time. Only
fewer tokens, fewer steps or a smaller number type reduce this bound.
"""

import torch
from torch.profiler import ProfilerActivity, profile

from autograder.authoring.bands import Recipes
from autograder.bench.clock import processor
from autograder.bench.sections import replace_section
from autograder.places import HOUSE
from dpr_course.embed import embed_passages
from dpr_course.quiet import quiet
from dpr_course.train import adamw

TARGET = HOUSE / "bench" / "README.md"
STEPS = 5
# {kind of work: how the names of torch's operations begin}
KINDS = {
    "matrix products": ("aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm"),
    "attention": ("aten::_scaled_dot_product",),
    "dropout masks": ("aten::bernoulli", "aten::native_dropout"),
    "optimiser and clipping": ("aten::_fused_adamw", "Optimizer", "aten::linalg_vector_norm", "aten::_foreach"),
    "GELU": ("aten::gelu",),
    "layer norm": ("aten::native_layer_norm",),
    "embedding tables": ("aten::embedding", "aten::index_select", "aten::fill_", "aten::zero_"),
}


def kind_of(operation):
    """Return the kind of work that a torch operation such as "aten::mm" does: a key of KINDS, or "everything else"."""
    return next((kind for kind, begins in KINDS.items() if operation.startswith(begins)), "everything else")


def shares(work):
    """Run the function `work` under torch's profiler.

    Returns two values: {kind of work: percentage of the time}, largest first, and the processor seconds of all operations together.
    """
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        work()
    times = dict.fromkeys([*KINDS, "everything else"], 0.0)
    for event in seen.key_averages():
        times[kind_of(event.key)] += event.self_cpu_time_total / 1e6
    total = sum(times.values())
    return {k: 100 * v / total for k, v in sorted(times.items(), key=lambda item: -item[1])}, total


def step_and_encoding():
    """Return two functions. The first makes STEPS training steps of stage 04, the second encodes 256 passages."""
    recipes = Recipes()
    model = recipes.ref["make_dual_encoder"]()
    batch = recipes.ref["tensorize_contrastive"](recipes.fit[: recipes.track.batch_size])
    optimizer = adamw(model, recipes.track.learning_rate, 0.01)

    def steps():
        model.train()
        for _ in range(STEPS):
            optimizer.zero_grad(set_to_none=True)
            recipes.ref["get_masked_contrastive_loss"](model, batch)[0].backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()

    return steps, lambda: embed_passages(model, recipes.passages[:256], recipes.tokenizer)


def run_profile():
    """Measure a training step and encoding on one core. Print the results and write them to their section of bench/README.md."""
    quiet()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        measured = []
        for work, per in zip(step_and_encoding(), (STEPS, 256)):
            work()  # once to warm up
            found, seconds = shares(work)
            measured.append((found, 1000 * seconds / per))
    finally:
        torch.set_num_threads(before)
    (step, step_ms), (encoding, passage_ms) = measured
    lines = ["| work | training step | encoding |", "|---|--:|--:|"]
    lines += [f"| {kind} | {step[kind]:.1f} % | {encoding[kind]:.1f} % |" for kind in step]
    lines += [f"| in all, on one core | {step_ms:.0f} ms per step | {passage_ms:.2f} ms per passage |"]
    table = "\n".join(lines)
    text = (
        f"By `python -m autograder profile`. A training step of stage 04 holds 32 questions and 32 passages of up to 100 tokens; "
        f"encoding reads passages of up to 100 tokens. Measured by torch's profiler on one core ({processor()}, torch "
        f"{torch.__version__.split('+')[0]}).\n\n{table}\n\n"
        "Matrix products bound the work: if everything else cost nothing, a step would still take "
        f"{step['matrix products']:.0f} % of its time, and encoding {encoding['matrix products']:.0f} %."
    )
    replace_section(TARGET, "profile", text)
    print(text)
