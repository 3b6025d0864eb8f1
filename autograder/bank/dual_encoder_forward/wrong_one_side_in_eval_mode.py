# mistake: passages are left out in eval mode if there are questions. Whether a side is encoded depends on its input alone, and not on the mode.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = None if Q is None else self.query_encoder(Q, Q_mask)
        if P is None or (X is not None and not self.training):
            return X, None
        return X, self.passage_encoder(P, P_mask)
