# mistake: both orders begin with the worst passage: the inversions are right, but the first k are the last k.
# caught by: average top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
