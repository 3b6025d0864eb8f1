# mistake: the hidden states of all tokens are returned, (B, T, d). One of them must stand for the text.
# caught by: one vector per text
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        return self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state
