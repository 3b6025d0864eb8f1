# mistake: the order of the words is lost.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(set(normalised(prediction).split()) == set(normalised(answer).split()) for answer in answers)
