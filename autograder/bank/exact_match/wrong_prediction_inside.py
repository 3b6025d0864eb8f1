# mistake: a prediction is right if it stands inside an answer. Exact match wants the whole answer.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) in normalised(answer) for answer in answers)
