# mistake: of the articles only the is left out. A and an are articles too.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
