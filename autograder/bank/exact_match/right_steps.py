def exact_match(prediction, answers):
    forms = []
    for text in [prediction, *answers]:
        text = text.lower()
        for sign in string.punctuation:
            text = text.replace(sign, "")
        for article in ("the", "an", "a"):
            text = re.sub(rf"\b{article}\b", " ", text)
        forms.append(re.sub(r"\s+", " ", text).strip())
    return forms[0] in forms[1:]
