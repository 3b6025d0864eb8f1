# mistake: the two encoders have changed places. Questions belong to the query encoder.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.passage_encoder(Q, Q_mask) if Q is not None else None
        Y = self.query_encoder(P, P_mask) if P is not None else None
        return X, Y
