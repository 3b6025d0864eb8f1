# mistake: the vectors are kept on the model from call to call, and come back where a side is missing. The result for a missing side is None.
# caught by: questions only
class DualEncoder(nn.Module):

    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        if Q is not None:
            self.X = self.query_encoder(Q, Q_mask)
        if P is not None:
            self.Y = self.passage_encoder(P, P_mask)
        return getattr(self, "X", None), getattr(self, "Y", None)
