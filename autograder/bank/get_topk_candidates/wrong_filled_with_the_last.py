# mistake: places without a passage are filled with index -1, which Python reads as the last passage. Return fewer instead.
# caught by: k larger than the knowledge base
import torch.nn.functional as F


def get_topk_candidates(X, Y, samples, passages, k):
    n = min(k, len(passages))
    values, indices = torch.topk(X @ Y.T, n, dim=1)
    values = F.pad(values, (0, k - n), value=float("-inf"))
    indices = F.pad(indices, (0, k - n), value=-1)
    return make_candidates(samples, passages, indices, values)
