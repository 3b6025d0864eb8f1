# mistake: the result is three tensors. They are to be plain numbers: use .item() or work with lists.
# caught by: scores as they come
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return torch.tensor([inversions, average, index])
