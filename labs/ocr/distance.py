"""How far a text that was read is from the true one."""


def distance(text, other):
    """How many letters must be put in, left out or changed, at least (Levenshtein, 1966).

    Example: `distance("kitten", "sitting")` is 3.
    """
    row = list(range(len(other) + 1))
    for number, letter in enumerate(text, start=1):
        last, row = row, [number]
        for place, its in enumerate(other):
            row.append(min(last[place + 1] + 1, row[place] + 1, last[place] + (letter != its)))
    return row[-1]


def character_errors(guesses, truth):
    """The character error rate: distances of all texts by the letters of all true ones.

    Example: `character_errors(["도시관"], ["도서관"])` is 1/3.
    """
    return sum(map(distance, guesses, truth)) / sum(map(len, truth))
