# mistake: the arguments have lost their default, None. It must be possible to encode passages without passing anything for the questions.
# caught by: passages only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q, Q_mask, P, P_mask):
        X = self.query_encoder(Q, Q_mask) if Q is not None else None
        Y = self.passage_encoder(P, P_mask) if P is not None else None
        return X, Y
