# mistake: casefold is used, which also turns ß into ss. Step 1 is lower case.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.casefold().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
