# mistake: passages to which the teacher gives equal scores get the same number. Each passage has a number of its own, and of equal ones the first is better.
# caught by: scores as they come
def compare_rankings(teacher, student, k):
    best = sorted(teacher.tolist(), reverse=True)
    number = [best.index(score) for score in teacher.tolist()]
    x = [number[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
