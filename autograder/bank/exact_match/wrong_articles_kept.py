# mistake: articles are kept.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(text.split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
