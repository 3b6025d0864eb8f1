"""Attacks that return NaN, infinity and other special values, which a careless comparison takes for equal to any number."""

MARKS = {
    "not a number everywhere": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * float('nan'), float('nan')\n",
    "infinite everywhere": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * float('inf'), float('inf')\n",
    "minus zero everywhere": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * -0.0, -0.0\n",
    "not a number in the count alone": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return X.sum() * 0, torch.tensor(float('nan'))\n",
    "minus infinity everywhere": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * float('-inf'), float('-inf')\n",
    "an empty tensor": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return X[:0].sum(1), torch.zeros(0)\n",
    "complex numbers": "def get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return X.sum() * complex(0, float('nan')), complex(float('nan'))\n",
}  # fmt: skip
