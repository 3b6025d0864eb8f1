# mistake: the texts are sorted by length, and the vectors are put back with the same order. To undo an order takes its inverse, order.argsort().
# caught by: padding changes nothing
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        order = mask.sum(1).argsort(descending=True, stable=True)
        H = self.backbone(input_ids=ids[order], attention_mask=mask[order]).last_hidden_state
        return H[order, 0]
