# mistake: a side that comes alone is computed without a gradient. It must be possible to train on questions alone.
# caught by: questions only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        with torch.set_grad_enabled(Q is not None and P is not None):
            X = None if Q is None else self.query_encoder(Q, Q_mask)
            Y = None if P is None else self.passage_encoder(P, P_mask)
        return X, Y
