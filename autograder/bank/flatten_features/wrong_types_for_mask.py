# mistake: the token types are used as the mask. They are all 0, so the encoder would see nothing.
# caught by: passages
def flatten_features(features):
    B, C, L = features["ctx_input_ids"].shape
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    P = features["ctx_input_ids"].reshape(B * C, L)
    P_mask = features["ctx_token_type_ids"].reshape(B * C, L)
    labels = torch.arange(B) * C
    return Q, Q_mask, P, P_mask, labels
