# mistake: the encoder switches its backbone to eval(), so that it trains without dropout. Leave the choice of mode to the caller.
# caught by: it can be trained
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        self.backbone.eval()
        H = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state
        return H[:, 0]
