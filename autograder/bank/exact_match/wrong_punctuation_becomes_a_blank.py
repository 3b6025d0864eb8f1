# mistake: punctuation is replaced by blanks. It is deleted: 6,400 is 6400.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = re.sub(f"[{re.escape(string.punctuation)}]", " ", text.lower())
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
