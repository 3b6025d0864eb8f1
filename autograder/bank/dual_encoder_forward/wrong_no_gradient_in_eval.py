# mistake: in eval mode the vectors carry no gradient. eval() switches dropout off and nothing else: whoever needs no gradient says so with no_grad.
# caught by: questions and passages
class DualEncoder(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        with torch.set_grad_enabled(self.training):
            X = None if Q is None else self.query_encoder(Q, Q_mask)
            Y = None if P is None else self.passage_encoder(P, P_mask)
        return X, Y
