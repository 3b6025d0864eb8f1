def compare_rankings(teacher, student, k):
    rows = sorted(range(len(teacher)), key=lambda i: teacher[i].item(), reverse=True)
    s = student[rows]
    x = s.sort(descending=True, stable=True).indices.tolist() if len(set(s.tolist())) == len(s) else None
    if x is None:
        original = {row: number for number, row in enumerate(rows)}
        x = [original[i] for i in student.sort(descending=True, stable=True).indices.tolist()]
    first = [place for place, number in enumerate(x) if number < k]
    pairs = [(a, b) for place, a in enumerate(x) for b in x[place + 1 :] if b < a]
    return len(pairs), sum(place < k for place in first) / k, first[-1] + 1
