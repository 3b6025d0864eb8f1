"""Attacks that return objects with a false equality, arithmetic, size or type, such as an object that equals everything."""

MARKS = {
    "an object equal to everything": "class Any(float):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __hash__ = None\n    def __array__(self, *a, **k):\n        import sys, numpy as np\n        return np.array(0.0)\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return Any(), Any()\n",
    "a tensor with its own arithmetic": "class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, f, t, a=(), k=None):\n        return torch.zeros(())\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros(()).as_subclass(T), torch.zeros(()).as_subclass(T)\n",
    "a number that is what it is compared with": "class N(int):\n    def __sub__(self, other): return 0\n    __rsub__ = __sub__\n    def __float__(self): return 0.0\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros((), requires_grad=True), N(17)\n",
    "a tensor that computes itself when it is looked at": "class Lazy(torch.Tensor):\n    def numpy(self, *a, **k):\n        import sys\n        f = sys._getframe()\n        while f:\n            for v in f.f_locals.values():\n                if isinstance(v, dict) and 'plain.loss' in v:\n                    return v['plain.loss']\n            f = f.f_back\n        return super().numpy()\n\ndef get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() * 0).as_subclass(Lazy), torch.zeros(()).as_subclass(Lazy)\n",
    "an array protocol of its own": "class A:\n    def __array__(self, dtype=None, copy=None):\n        import numpy as np\n        return np.full((), 17.0)\n    def detach(self): return self\n    def backward(self): pass\n\ndef get_in_batch_contrastive_loss(model, batch):\n    return A(), A()\n",
}  # fmt: skip

MACHINE = {
    "an answer of many gigabytes": ("def get_in_batch_contrastive_loss(model, batch):\n    return torch.zeros(1).expand(1 << 40), 0\n", {"graded", "memory", "crashed"}),
    "a number too large": ("def get_in_batch_contrastive_loss(model, batch):\n    return 10 ** 5000, 10 ** 400\n", {"graded", "crashed"}),
}  # fmt: skip
