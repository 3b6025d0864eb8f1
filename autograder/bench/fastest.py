"""Trains by the fastest known recipe that reaches R@1 of 58 % on the toy NQ, for `make clock`.

The recipe has the model, the loss and the batch size of stage 04. It saves time in three ways:

- In training, passages are cut at 24 tokens in the first epoch, 32 in the second and 40 in the third. Title and first sentence
  are enough to learn what a passage is about, and a step takes less than half of the time. In the evaluation, up to 100 tokens of
  a passage are read, as everywhere in the course.
- There are three epochs instead of five, at a learning rate of 4.5e-4 instead of 3e-4.
- The weights after the last epoch are used, so no evaluation is needed to choose the best epoch. The 50 questions that the course
  holds out for this choice are also used for training.
"""

import random

from dpr_course.runtime import best_device
from dpr_course.train import batches, train

READ = (24, 32, 40)  # maximum number of tokens of a passage in each epoch
LEARNING_RATE = 4.5e-4


def fitted(recipes, seed):
    """Return a model trained by this recipe.

    `recipes` is an `authoring.bands.Recipes`, which holds the data and the reference answers.
    """
    model, rng, samples = recipes.ref["make_dual_encoder"]().to(best_device()), random.Random(seed), recipes.fit + recipes.dev
    plan = [
        (epoch, [{**s, "read": tokens} for s in batch])
        for epoch, tokens in enumerate(READ, 1)
        for batch in batches(samples, recipes.track.batch_size, rng)
    ]

    def collate(samples):
        Q, Q_mask, P, P_mask, labels = recipes.ref["tensorize_contrastive"](samples, False)
        read = samples[0]["read"]
        return Q, Q_mask, P[:, :read], P_mask[:, :read], labels  # a cut passage has no [SEP] at its end, which does no harm

    loss_fn = recipes.ref["get_masked_contrastive_loss"]
    train(model, samples, collate, loss_fn, learning_rate=LEARNING_RATE, seed=seed, plan=plan)
    return model
