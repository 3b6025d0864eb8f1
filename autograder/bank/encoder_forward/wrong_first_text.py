# mistake: all tokens of the first text are returned. The first axis of (B, T, d) counts texts, the second counts tokens.
# caught by: one vector per text
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        return self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state[0]
