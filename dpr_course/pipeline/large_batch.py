"""Batches larger than memory: gradient cache (Gao et al. 2021, "Scaling deep contrastive learning batch size").

`split_batch`, `encode` and `loss_in_blocks` are tools for the students of notebook 08. `dpr-course train` uses `CachedLoss`, which
does more than the solution of the exercise: it limits the number of tokens in a chunk, not the number of texts; it sorts the texts
by length, cuts off padding, and gathers the vectors of all processes of the run into one joint batch.
"""

import torch

from dpr_course.pipeline.distributed import all_rows, own_rows, sum_gradients
from dpr_course.runtime import RandomState, mixed_precision


def split_batch(batch, chunk_size):
    """Return a list of chunks of at most `chunk_size` texts each, made from a batch (Q, Q_mask, P, P_mask, labels).

    First come the chunks of questions, (Q, Q_mask, None, None), then the chunks of passages, (None, None, P, P_mask). The texts
    keep their order.
    """
    Q, Q_mask, P, P_mask, _ = batch
    questions = [(q, m, None, None) for q, m in zip(Q.split(chunk_size), Q_mask.split(chunk_size))]
    return questions + [(None, None, p, m) for p, m in zip(P.split(chunk_size), P_mask.split(chunk_size))]


def encode(model, chunk):
    """Return the vectors (n, d) of the n texts of one chunk that `split_batch` returned."""
    X, Y = model(*chunk)
    # A copy, because [CLS] vectors are a slice of all token vectors, and a slice keeps the whole tensor in memory.
    return (Y if X is None else X).clone()


def loss_in_blocks(model, batch, block=256):
    """Return the in-batch loss and num_correct, the number of questions whose gold passage scores highest.

    Only `block` rows of the score matrix (B, N) are in memory at a time. Value and gradient of the loss equal those of the
    cross-entropy over the whole matrix.
    """
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    return _BlockedLoss.apply(X, Y, labels, block)


class _BlockedLoss(torch.autograd.Function):
    """The in-batch cross-entropy. The forward pass also computes the gradient, so each block of scores is needed only once.

    The gradient with respect to a row of scores is softmax(row) - onehot(label).
    """

    @staticmethod
    def forward(ctx, X, Y, labels, block):
        dX, dY, S = torch.empty_like(X), torch.zeros_like(Y), X.new_empty(min(block, len(X)), len(Y))
        loss, num_correct = X.new_zeros(()), labels.new_zeros(())
        for start in range(0, len(X), block):
            rows = slice(start, start + block)
            x, wanted = X[rows], labels[rows, None]
            scores = torch.mm(x, Y.T, out=S[: len(x)])  # (block, N), overwrites the previous block
            num_correct += (scores.argmax(1, keepdim=True) == wanted).sum()
            scores -= scores.logsumexp(1, keepdim=True)
            loss -= scores.gather(1, wanted).sum()
            p = scores.exp_().scatter_add_(1, wanted, scores.new_full((len(x), 1), -1.0))
            torch.mm(p, Y, out=dX[rows])
            dY.addmm_(p.T, x)
        ctx.save_for_backward(dX.div_(len(X)), dY.div_(len(X)))
        ctx.mark_non_differentiable(num_correct)
        return loss / len(X), num_correct

    @staticmethod
    def backward(ctx, gradient, _):
        dX, dY = ctx.saved_tensors
        return gradient * dX, gradient * dY, None, None


class CachedLoss:
    """Computes `loss_fn` and its gradient for a batch of any size, without ever having an autograd graph of the whole batch.

    The batch is encoded in pieces of at most `max_tokens` tokens (padding included): first without a graph, and then a second
    time, one graph per piece. The gradient is exactly that of the whole batch, even with dropout, because a piece has the same
    random state both times. In a run of several processes, each process encodes its own rows, and every process ends with the
    gradient of the whole batch.
    """

    def __init__(self, loss_fn, max_tokens):
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, but is {max_tokens}")
        self.loss_fn, self.max_tokens = loss_fn, max_tokens

    def backward(self, model, batch):
        """Set the model's gradients, which must be zero or None before, to those of the loss. Return (loss, num_correct).

        Both are what `loss_fn` returns; the loss has no graph.
        """
        sides, vectors = [], []

        def without_graph(Q, Q_mask, P, P_mask):
            sides.append(_Side(Q, Q_mask, self.max_tokens, lambda q, m: model(q, m, None, None)[0]))
            sides.append(_Side(P, P_mask, self.max_tokens, lambda p, m: model(None, None, p, m)[1]))
            vectors.extend(all_rows(side.vectors()).requires_grad_() for side in sides)  # X (B, d), Y (N, d)
            return tuple(vectors)

        loss, num_correct = self.loss_fn(without_graph, batch)
        loss.backward()
        for side, v in zip(sides, vectors, strict=True):
            side.backward(v.grad)
        sum_gradients(model)
        return loss.detach(), num_correct


class _Side:
    """This process's part of the questions, or of the passages, of a batch: sorted by length and cut into pieces.

    A piece has at most `max_tokens` tokens, padding included, or is a single text.
    """

    def __init__(self, ids, mask, max_tokens, encoder):
        self.encoder, self.rows = encoder, own_rows(len(ids))
        self.ids, self.mask = ids[self.rows], mask[self.rows]
        places = torch.arange(1, mask.shape[1] + 1, device=mask.device)
        lengths = (self.mask * places).amax(1)  # up to the last real token
        order = lengths.argsort(descending=True, stable=True)
        self.pieces, self.states = [], []
        start = 0
        while start < len(order):
            T = max(1, int(lengths[order[start]]))  # the longest text of the piece comes first
            n = max(1, max_tokens // T)
            self.pieces.append((order[start : start + n], T))
            start += n

    def _encode(self, rows, T):
        with mixed_precision(self.ids.device):
            return self.encoder(self.ids[rows, :T], self.mask[rows, :T]).float()

    def vectors(self):
        """Return the vectors (n, d) of this process's n rows, in the order of the batch, without a graph."""
        result = None
        with torch.no_grad():
            for rows, T in self.pieces:
                self.states.append(RandomState())
                v = self._encode(rows, T)
                result = v.new_empty(len(self.ids), v.shape[1]) if result is None else result
                result[rows] = v
        return result

    def backward(self, gradient):
        """Encode each piece again, with the random state of the first time, and backpropagate the piece's rows of `gradient`.

        `gradient` is the gradient of the loss with respect to the vectors of all processes: one row per text of the whole batch.
        """
        own = gradient[self.rows]
        for (rows, T), state in zip(self.pieces, self.states):
            with state.replayed():
                v = self._encode(rows, T)
            v.backward(own[rows])
