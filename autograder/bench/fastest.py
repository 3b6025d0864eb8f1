"""The fastest recipe that is known to reach R@1 of 58 on the toy, for `make clock`.

It has the model, the loss and the batch size of stage 04, and these savings:

- a passage is cut at 24, 32 and 40 tokens in the first, second and third epoch, while for the evaluation it is read up to 100
  tokens, as everywhere in the course: title and first sentence are enough to learn what a passage is about, and a step takes less
  than half of the time;
- three epochs in place of five, at a rate of 4.5e-4 in place of 3e-4;
- the last weights are kept, so that no epoch is evaluated on the way, and the 50 questions that would choose one are trained on.
"""

import random

from dpr_course.runtime import best_device
from dpr_course.train import batches, train

READ = (24, 32, 40)  # tokens of a passage in each epoch
LEARNING_RATE = 4.5e-4


def fitted(recipes, seed):
    """Return a trained model. `recipes` are the `authoring.bands.Recipes`."""
    model, rng, samples = recipes.ref["make_dual_encoder"]().to(best_device()), random.Random(seed), recipes.fit + recipes.dev
    plan = [
        (epoch, [{**s, "read": tokens} for s in batch])
        for epoch, tokens in enumerate(READ, 1)
        for batch in batches(samples, recipes.track.batch_size, rng)
    ]

    def collate(samples):
        Q, Q_mask, P, P_mask, labels = recipes.ref["tensorize_contrastive"](samples, False)
        read = samples[0]["read"]
        return Q, Q_mask, P[:, :read], P_mask[:, :read], labels  # a cut passage has no [SEP] at its end, and does not need it

    loss_fn = recipes.ref["get_masked_contrastive_loss"]
    train(model, samples, collate, loss_fn, learning_rate=LEARNING_RATE, seed=seed, plan=plan)
    return model
