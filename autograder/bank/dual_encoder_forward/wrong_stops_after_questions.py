# mistake: the passages are not encoded where there are questions, because of an early return or an elif. Decide for each side separately.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X, Y = None, None
        if Q is not None:
            X = self.query_encoder(Q, Q_mask)
        elif P is not None:
            Y = self.passage_encoder(P, P_mask)
        return X, Y
