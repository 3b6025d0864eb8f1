# mistake: a single value is returned when one side is missing. The caller unpacks two: return None for the missing side.
# caught by: questions only
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        if P is None:
            return self.query_encoder(Q, Q_mask)
        if Q is None:
            return self.passage_encoder(P, P_mask)
        return self.query_encoder(Q, Q_mask), self.passage_encoder(P, P_mask)
