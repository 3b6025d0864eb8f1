# mistake: an article is also cut off the beginning of a longer word: the second \b is missing.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(an|a|the)", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
