# mistake: a prediction of which nothing is left is always wrong. If nothing is left of an answer either, the two are equal.
# caught by: any of the answers
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    if not normalised(prediction):
        return False
    return any(normalised(prediction) == normalised(answer) for answer in answers)
