class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        if P is None:
            return self.query_encoder(ids=Q, mask=Q_mask), None
        if Q is None:
            return None, self.passage_encoder(ids=P, mask=P_mask)
        return self.query_encoder(ids=Q, mask=Q_mask), self.passage_encoder(ids=P, mask=P_mask)
