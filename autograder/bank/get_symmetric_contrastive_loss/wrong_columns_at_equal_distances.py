# mistake: the positives' columns are taken at equal distances, such as every second one. That fails as soon as a sample brings fewer hard negatives: the columns are in `labels`.
# caught by: passage to question
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    B, N = S.shape
    C = N // B  # passages per question
    forward = F.cross_entropy(S, labels)
    positives = S[:, ::C][:, :B]  # (B, B)
    backward = F.cross_entropy(positives.T, torch.arange(B, device=S.device))
    loss = (1 - f) * forward + f * backward
    return loss, (S.argmax(dim=1) == labels).sum()
