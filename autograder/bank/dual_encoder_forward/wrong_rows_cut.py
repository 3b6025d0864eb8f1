# mistake: the passages' vectors are cut to as many rows as there are questions. There may be more passages than questions: return all of Y.
# caught by: questions and passages
class DualEncoder(nn.Module):

    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.query_encoder(Q, Q_mask) if Q is not None else None
        Y = self.passage_encoder(P, P_mask) if P is not None else None
        if X is not None and Y is not None:
            Y = Y[: X.shape[0]]  # one passage for each question
        return X, Y
