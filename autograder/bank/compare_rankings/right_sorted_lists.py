def compare_rankings(teacher, student, k):
    n = len(teacher)
    best = sorted(range(n), key=lambda i: -float(teacher[i]))
    theirs = sorted(range(n), key=lambda i: -float(student[i]))
    x = [best.index(i) for i in theirs]
    inversions = sum(1 for i in range(n) for j in range(i + 1, n) if x[i] > x[j])
    wanted, index = set(range(k)), 0
    while wanted:
        wanted.discard(x[index])
        index += 1
    return inversions, len(set(x[:k]) & set(range(k))) / k, index
