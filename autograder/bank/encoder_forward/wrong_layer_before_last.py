# mistake: the hidden states come from a layer before the last one. The last hidden state is the one that training shapes.
# caught by: one vector per text
class Encoder(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        return self.backbone(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states[-2][:, 0]
