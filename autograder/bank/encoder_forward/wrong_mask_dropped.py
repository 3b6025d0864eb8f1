# mistake: the backbone does not get the mask. It then attends to padding, and a text's vector depends on the texts beside it.
# caught by: padding changes nothing
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        return self.backbone(input_ids=ids).last_hidden_state[:, 0]
