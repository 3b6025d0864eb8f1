# mistake: the passages are taken to stand in the teacher's order already. Number them by the teacher's scores first.
# caught by: inversions
def compare_rankings(teacher, student, k):
    x = student.argsort(descending=True, stable=True).tolist()
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
