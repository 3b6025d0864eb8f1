# mistake: with one encoder for both sides, the shorter texts are padded and their masks too, with ones: padding is read as text. A mask is padded with zeros.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        if self.query_encoder is self.passage_encoder and Q is not None and P is not None:
            T = max(Q.shape[1], P.shape[1])
            ids = torch.cat([nn.functional.pad(t, (0, T - t.shape[1])) for t in (Q, P)])
            mask = torch.cat([nn.functional.pad(t, (0, T - t.shape[1]), value=1) for t in (Q_mask, P_mask)])
            V = self.query_encoder(ids, mask)
            return V[: len(Q)], V[len(Q) :]
        X = None if Q is None else self.query_encoder(Q, Q_mask)
        return X, None if P is None else self.passage_encoder(P, P_mask)
