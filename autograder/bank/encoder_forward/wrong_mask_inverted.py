# mistake: the mask is inverted, so that the backbone reads the padding and not the words. It is 1 on real tokens already.
# caught by: padding changes nothing
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        return self.backbone(input_ids=ids, attention_mask=1 - mask).last_hidden_state[:, 0]
