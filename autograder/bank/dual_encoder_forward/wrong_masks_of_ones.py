# mistake: the masks that were given are ignored and padding counts as text. Pass each side's own mask to its encoder.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.query_encoder(Q, torch.ones_like(Q)) if Q is not None else None
        Y = self.passage_encoder(P, torch.ones_like(P)) if P is not None else None
        return X, Y
