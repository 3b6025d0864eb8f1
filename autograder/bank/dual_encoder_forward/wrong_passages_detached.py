# mistake: the passages' vectors are cut off from their encoder (no_grad, detach), which never learns. Both sides are trained together.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = self.query_encoder(Q, Q_mask) if Q is not None else None
        with torch.no_grad():
            Y = self.passage_encoder(P, P_mask) if P is not None else None
        return X, Y
