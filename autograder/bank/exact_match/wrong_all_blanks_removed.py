# mistake: all blanks are removed, so that two words equal one. A run of blanks becomes one blank.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return "".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
