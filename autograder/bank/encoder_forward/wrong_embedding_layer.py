# mistake: the input of the first layer is taken, not the output of the last. It knows one token and none of the words around it.
# caught by: one vector per text
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        out = self.backbone(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        return out.hidden_states[0][:, 0]
